/**
 * Messages by user variable (OSC 1337 SetUserVar). Anything that can print can send one, `cat` of a hostile file
 * included, so a message can do no more than the three things below, from the panes they belong to.
 */
export const messageNames = ["ascalon.open", "ascalon.notify", "ascalon.attach"] as const;
export type MessageName = (typeof messageNames)[number];

/** Longest value in bytes: the plugin decides, and Lua counts bytes. */
export const messageMaxBytes = { open: 2048, notify: 300, attach: 64 } as const;

export interface MessageSwitches {
  readonly open: boolean;
  readonly notify: boolean;
  readonly attach: boolean;
}

/** The pane's side: a local pane of this GUI, a pane of the VM, or another domain. */
export type MessageOrigin = "local" | "vm" | "other";

export type MessageVerdict =
  | { readonly act: "open" | "notify" | "attach"; readonly value: string }
  /** Not ours, or nothing to say about it. */
  | { readonly act: "ignore" }
  | { readonly act: "refuse"; readonly reason: string };

export function judgeMessage(
  name: string,
  value: string,
  from: MessageOrigin,
  switches: MessageSwitches,
): MessageVerdict {
  if (name === "ascalon.open" && switches.open) return from === "vm" ? judgeOpen(value) : wrongPane;
  if (name === "ascalon.notify" && switches.notify) return from === "vm" ? judgeNotify(value) : wrongPane;
  if (name === "ascalon.attach" && switches.attach) {
    if (from !== "local") return wrongPane;
    return value.length > messageMaxBytes.attach ? tooLong : { act: "attach", value };
  }
  return { act: "ignore" };
}

const refuse = (reason: string): MessageVerdict => ({ act: "refuse", reason });
const wrongPane = refuse("not from that pane");
const tooLong = refuse("too long");
const badCharacter = refuse("a bad character");

/** Web addresses only: a `file:` or custom scheme would let the guest start programs of the host. */
function judgeOpen(value: string): MessageVerdict {
  if (value.length > messageMaxBytes.open) return tooLong;
  if (!value.startsWith("https://") && !value.startsWith("http://")) return refuse("not a web address");
  // Printable ASCII without quotes, spaces and backslash: what a URL may hold unencoded.
  const isGood = (code: number): boolean =>
    code > 32 && code < 127 && code !== 34 && code !== 39 && code !== 92 && code !== 96;
  return holdsOnly(value, isGood) ? { act: "open", value } : badCharacter;
}

function judgeNotify(value: string): MessageVerdict {
  if (value === "") return refuse("empty");
  if (value.length > messageMaxBytes.notify) return tooLong;
  // 194 and 128 to 159 are the bytes of U+0080 to U+009F: controls too, the one-byte CSI among them.
  const isGood = (code: number, before: number): boolean =>
    code >= 32 && code !== 127 && (before !== 194 || code < 128 || code >= 160);
  return holdsOnly(value, isGood) ? { act: "notify", value } : badCharacter;
}

function holdsOnly(value: string, isGood: (code: number, before: number) => boolean): boolean {
  let before = 0;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (!isGood(code, before)) return false;
    before = code;
  }
  return true;
}

export interface RateMemory {
  readonly windowStart: number;
  readonly count: number;
}

/** At most `limit` messages in each `seconds`; whether this one passes, and the memory for the next. */
export function takeTurn(memory: RateMemory, now: number, limit: number, seconds: number) {
  if (now - memory.windowStart >= seconds || now < memory.windowStart) {
    return { passes: true, memory: { windowStart: now, count: 1 } };
  }
  return {
    passes: memory.count < limit,
    memory: { windowStart: memory.windowStart, count: memory.count + 1 },
  };
}
