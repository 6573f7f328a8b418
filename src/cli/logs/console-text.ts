import { printable } from "../printable.ts";
import { type ParseText, timed } from "./entry.ts";

/** Seconds since the kernel began: at the start of a line, or behind what was on it already, such as `login: `. */
const stamp = /\[ *(\d+\.\d{6})\]/;

/** Processors note their lines on clocks that differ a little, so their lines may be out of order by that much. */
const outOfOrderSeconds = 1;

/**
 * The guest's console. Its lines say seconds since the start of a kernel, and which second that was nobody wrote down:
 * what is known is when the last line was written. So the times are counted back from there. Where the seconds fall
 * another kernel began, and what stands before that is counted back from the second it began in. What firmware, GRUB
 * and systemd print has no stamp at all.
 */
export const consoleText: ParseText = (text, writtenMs) => {
  const lines = text.split("\n").map((line) => {
    // A stamp may follow the sequences with which the firmware clears the screen.
    const shown = printable(line);
    const seconds = stamp.exec(shown)?.[1];
    return { text: shown, seconds: seconds === undefined ? undefined : Number(seconds) };
  });
  const began = secondZeros(
    lines.flatMap(({ seconds }) => seconds ?? []),
    writtenMs,
  );
  let next = 0;
  const dated = lines.map(({ text, seconds }) => ({
    atMs: seconds === undefined ? undefined : (began[next++] ?? writtenMs) + seconds * 1000,
    source: "serial",
    text,
  }));
  return timed(dated, writtenMs);
};

/** For each stamp the time at which its kernel began. */
function secondZeros(stamps: readonly number[], writtenMs: number): readonly number[] {
  const began: number[] = [];
  let zero = writtenMs - (stamps.at(-1) ?? 0) * 1000;
  for (const [index, seconds] of [...stamps.entries()].reverse()) {
    if (isRestart(seconds, stamps[index + 1] ?? Number.POSITIVE_INFINITY)) zero -= seconds * 1000;
    began[index] = zero;
  }
  return began;
}

/** Only a kernel that begins says 0. */
const isRestart = (before: number, after: number): boolean =>
  after < before - outOfOrderSeconds || (after === 0 && before > 0);
