import { type CodecEnd, compareCodecs } from "./codec.ts";
import { type CodecStatus, linkNamed, type StatusFile, staleFor } from "./status.ts";

/**
 * What CMD+SHIFT+A does. WezTerm's own attach gives a 2.3 s to 60 s wait, a tab that stays for 120 s and a text
 * about versions when anything at all is wrong, so everything that can be known before is looked at first.
 */
export interface GateFacts {
  readonly now: number;
  readonly status: StatusFile | undefined;
  readonly domain: "attached" | "detached" | "unregistered";
  /** WezTerm shows at least one pane of the domain. */
  readonly hasPanes: boolean | undefined;
  /** A question or an attach is in flight, in any window. */
  readonly busy: boolean;
  /** The CLI was asked during this press: its answer is the best there is. */
  readonly asked: boolean | undefined;
  /** The plugin knows how to call the CLI. */
  readonly cliKnown: boolean;
  /** Process id of this GUI, when it is known: picks its row among `status.gui`. */
  readonly guiPid: number | undefined;
}

/** What an explanation offers: CLI commands, and `proxy`, the attach over ssh without the socket. */
export type Offer = "doctor" | "heal" | "up" | "rebuild" | "shell" | "proxy";

export interface Explanation {
  /** `wait`: what is explained passes by itself. */
  readonly act: "explain" | "wait";
  /** One sentence. */
  readonly headline: string;
  readonly lines: readonly string[];
  readonly offers: readonly Offer[];
}

export type GateDecision =
  | { readonly act: "attach" | "busy" | "ask" }
  /** `doubt`: what a press would do were the VM not attached. WezTerm holds on to one that no longer answers. */
  | { readonly act: "focus" | "spawn"; readonly doubt: GateDecision | undefined }
  | { readonly act: "start"; readonly headline: string }
  | Explanation;

export const explain = (
  headline: string,
  lines: readonly string[],
  offers: readonly Offer[],
): Explanation => ({
  act: "explain",
  headline,
  lines,
  offers,
});

export const cliUnknown = "The plugin does not know where ascalon is.";

export function decideAttach(facts: GateFacts): GateDecision {
  if (facts.busy) return { act: "busy" };
  if (facts.domain === "unregistered") {
    return explain(
      "WezTerm does not know the VM yet.",
      [
        "It learns new domains only when it starts: quit it and start it again.",
        "Nothing in the VM is lost.",
      ],
      [],
    );
  }
  const { status, cliKnown } = facts;
  const isOld = status === undefined || (staleFor(status, facts.now) > 0 && !facts.asked);
  const decision = isOld ? undefined : decideByStatus(status, facts.guiPid);
  if (facts.domain === "attached") return { act: facts.hasPanes ? "focus" : "spawn", doubt: decision };
  if (!cliKnown && (decision === undefined || decision.act === "start")) return noCli;
  if (decision !== undefined) return decision;
  if (!facts.asked) return { act: "ask" };
  // The program that plugin.json names may be gone, with a Node that was removed: then doctor cannot run either.
  return explain("ascalon gives no answer about the VM.", noCli.lines, ["doctor"]);
}

/** Each press looks for plugin.json again while there is none. */
const noCli = explain(
  cliUnknown,
  ["Run this once in a terminal, then press again: ascalon wezterm install"],
  [],
);

/** Of the states from which a start leads on. */
const startSentences: Readonly<Record<string, string>> = {
  absent: "There is no VM yet: making it.",
  stopped: "The VM is stopped: starting it.",
  starting: "The VM is starting: waiting for it.",
  stopping: "The VM is stopping: starting it again.",
};

function decideByStatus(status: StatusFile, guiPid: number | undefined): GateDecision {
  const vm = status.vm;
  const headline = startSentences[vm.state];
  if (headline !== undefined) return { act: "start", headline };
  if (vm.state === "broken") {
    return explain(`The VM is broken${because(vm.reason)}.`, ["ascalon up repairs it."], ["up", "doctor"]);
  }
  return decideByLink(status, guiPid);
}

function decideByLink(status: StatusFile, guiPid: number | undefined): GateDecision {
  if (status.mux.hijacked) {
    return explain(
      "Another WezTerm server has taken the VM's socket.",
      [
        `${status.mux.exe ?? "It"} answers at ${status.mux.socketPath} instead of the VM's server.`,
        "End that server; ascalon heal takes the socket back.",
      ],
      ["heal", "doctor"],
    );
  }
  const link = linkNamed(status, "mux");
  if (link === undefined || link.state === "off") {
    return { act: "start", headline: "The VM runs without a link to WezTerm: making it." };
  }
  if (link.state === "waiting" || link.state === "healing") {
    return {
      act: "wait",
      headline: `The link to the VM is being made${because(link.reason)}.`,
      lines: ["The VM is attached as soon as it is."],
      offers: ["doctor", "heal"],
    };
  }
  if (link.state === "broken") {
    return explain(
      `The link to the VM is broken${because(link.reason)}.`,
      ["ascalon keeps trying; ascalon doctor tells more."],
      ["doctor", "heal", "proxy"],
    );
  }
  return decideByCodec(status, guiPid);
}

function decideByCodec(status: StatusFile, guiPid: number | undefined): GateDecision {
  const verdict =
    guiPid === undefined ? status.codec : compareCodecs(guiEnd(status, guiPid), guestEnd(status));
  return verdict.verdict === "different" ? explainCodecs(verdict) : { act: "attach" };
}

export const explainCodecs = (codecs: CodecStatus): Explanation =>
  explain(
    "WezTerm here and in the VM speak different versions.",
    [codecs.sentence ?? "", codecs.fix ?? ""],
    ["rebuild", "shell", "doctor"],
  );

function guiEnd(status: StatusFile, pid: number): CodecEnd | undefined {
  for (const gui of status.gui) {
    if (gui.pid === pid) return gui;
  }
  return undefined;
}

function guestEnd(status: StatusFile): CodecEnd | undefined {
  const mux = status.mux;
  if (mux.codec === undefined) return undefined;
  return { codec: mux.codec, version: mux.version ?? "of unknown version" };
}

function because(reason: string | undefined): string {
  return reason === undefined || reason === "" ? "" : `: ${reason}`;
}
