import { openSync } from "node:fs";
import { ReadStream } from "node:tty";
import type { Input } from "./call.ts";
import { isInForeground } from "./session.ts";

const suspendKey = 0x1a;

/** How often a job that was started, or went on, in the background looks whether it has the terminal now. */
const lookAgainMs = 300;

export interface Keyboard extends Input {
  /** From now on keys go to the host as they are; before, the guest's terminal handles them as ever. */
  attach(): void;
  /** Gives the terminal back to the guest. */
  release(): void;
}

export interface KeyboardEvents {
  /** Ctrl-Z: the job of the guest's shell is to be stopped. */
  onSuspend(): void;
}

/** /dev/tty when stdin is something else: `eval $(op signin)` has its terminal there. */
function openTerminal(): ReadStream | undefined {
  if (process.stdin.isTTY) return process.stdin as ReadStream;
  try {
    return new ReadStream(openSync("/dev/tty", "r+"));
  } catch {
    return undefined;
  }
}

/** The keyboard of the terminal that we run on; opened when it is attached. */
export function createKeyboard({ onSuspend }: KeyboardEvents): Keyboard {
  let terminal: ReadStream | undefined;
  let deliver: (bytes: Uint8Array) => void = () => {};
  let attached = false;
  let stopped = false;
  let later: NodeJS.Timeout | undefined;
  const attach = (): void => {
    clearTimeout(later);
    if (attached || stopped) return;
    if (!isInForeground()) {
      later = setTimeout(attach, lookAgainMs);
      return;
    }
    attached = true;
    if (!terminal) {
      terminal = openTerminal();
      terminal?.on("data", onKeys);
      terminal?.on("error", () => {});
    }
    terminal?.setRawMode(true);
    terminal?.resume();
  };
  /** Of a job that went to the background the shell has taken the terminal back already. */
  const giveBack = (): void => {
    clearTimeout(later);
    if (attached && isInForeground()) terminal?.setRawMode(false);
    attached = false;
  };
  const onKeys = (keys: Buffer): void => {
    let rest = keys;
    for (let at = rest.indexOf(suspendKey); at >= 0; at = rest.indexOf(suspendKey)) {
      if (at > 0) deliver(rest.subarray(0, at));
      rest = rest.subarray(at + 1);
      onSuspend();
    }
    if (rest.length > 0) deliver(rest);
  };
  return {
    start: ({ bytes }) => {
      deliver = bytes;
    },
    attach,
    release: () => {
      giveBack();
      terminal?.pause();
    },
    pause: () => void terminal?.pause(),
    resume: () => {
      if (attached) terminal?.resume();
    },
    stop: () => {
      stopped = true;
      giveBack();
      terminal?.destroy();
    },
  };
}
