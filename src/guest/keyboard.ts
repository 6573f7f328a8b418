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

/**
 * Not our stdin, which may be something else (`eval $(op signin)` has its terminal here) and cannot be opened again; but
 * in a session without a terminal of its own it may be one.
 */
function openTerminal(): { readonly stream: ReadStream | undefined; readonly isOurs: boolean } {
  try {
    return { stream: new ReadStream(openSync("/dev/tty", "r+")), isOurs: true };
  } catch {
    return { stream: process.stdin.isTTY ? process.stdin : undefined, isOurs: false };
  }
}

/** The keyboard of the terminal that we run on; opened when it is attached. */
export function createKeyboard({ onSuspend }: KeyboardEvents): Keyboard {
  let terminal: ReadStream | undefined;
  let isOurs = false;
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
      ({ stream: terminal, isOurs } = openTerminal());
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
      // While we still have it: libuv puts a terminal that it closes, or has open at our end, back to what it was, and
      // who does that in the background is stopped (uv__tty_close since 1.49, uv_tty_reset_mode).
      if (!isOurs) return;
      terminal?.destroy();
      terminal = undefined;
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
