import { openSync } from "node:fs";
import { ReadStream } from "node:tty";
import type { Input } from "./call.ts";

const suspendKey = 0x1a;

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
    attach: () => {
      if (attached || stopped) return;
      attached = true;
      if (!terminal) {
        terminal = openTerminal();
        terminal?.on("data", onKeys);
        terminal?.on("error", () => {});
      }
      terminal?.setRawMode(true);
      terminal?.resume();
    },
    release: () => {
      if (!attached) return;
      attached = false;
      terminal?.setRawMode(false);
      terminal?.pause();
    },
    pause: () => void terminal?.pause(),
    resume: () => {
      if (attached) terminal?.resume();
    },
    stop: () => {
      stopped = true;
      if (attached) terminal?.setRawMode(false);
      attached = false;
      terminal?.destroy();
    },
  };
}
