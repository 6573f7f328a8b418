import { numberAt, putNumber, streamId } from "../../shared/bridge-frame.ts";
import type { ProgramSpec } from "./program.ts";

/** The frames of terminal-script.ts: a letter, four bytes of length, payload. */
export function terminalFrame(letter: string, payload: Uint8Array | string = ""): Uint8Array {
  const body = typeof payload === "string" ? Buffer.from(payload) : payload;
  const frame = Buffer.alloc(5 + body.length);
  frame[0] = letter.charCodeAt(0);
  putNumber(frame, 1, body.length);
  frame.set(body, 5);
  return frame;
}

export const letterOf = (stream: number): string =>
  stream === streamId.terminal
    ? "T"
    : stream === streamId.stdin
      ? "I"
      : stream === streamId.stdout
        ? "O"
        : "P";

const streams: Readonly<Record<string, number>> = {
  T: streamId.terminal,
  I: streamId.stdin,
  O: streamId.stdout,
  P: streamId.stderr,
};

/** The stream of a letter; undefined for letters that are none. */
export const streamOfLetter = (letter: string): number | undefined => streams[letter];

const kindLetters = { terminal: "t", pipe: "p", none: "n" } as const;

export function runFrame({ file, args, env, streams, terminal }: ProgramSpec): Uint8Array {
  const pairs = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const kinds = streams.map((kind) => kindLetters[kind]).join("");
  const fields = [terminal.columns, terminal.rows, kinds, file, pairs.length, ...pairs, file, ...args];
  return terminalFrame("R", fields.join("\0"));
}

/** Cuts the script's output into frames. It is our own, so nothing is bounded. */
export function createTerminalReader(
  onFrame: (letter: string, payload: Buffer) => void,
): (chunk: Buffer) => void {
  let kept: Buffer = Buffer.alloc(0);
  return (chunk) => {
    kept = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
    while (kept.length >= 5) {
      const end = 5 + numberAt(kept, 1);
      if (kept.length < end) return;
      const frame = kept.subarray(0, end);
      kept = kept.subarray(end);
      onFrame(String.fromCharCode(frame[0] ?? 0), frame.subarray(5));
    }
  };
}
