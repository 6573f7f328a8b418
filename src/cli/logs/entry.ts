import { printable } from "../printable.ts";

/** One line of any log. */
export interface LogEntry {
  /** Milliseconds since 1970, by the clock of whoever wrote it. */
  readonly atMs: number;
  /** `lifecycle`, `agent`, `lima`, `serial`, or a unit of the guest. */
  readonly source: string;
  readonly text: string;
}

/** A line as its log has it; undefined: it says no time of its own. */
export interface Line {
  readonly atMs: number | undefined;
  readonly source: string;
  readonly text: string;
}

/** Whole lines to what is worth showing of them. `writtenMs`: when the last of them was written. */
export type ParseText = (text: string, writtenMs: number) => readonly LogEntry[];

/** By time; entries of one moment stay in the order of their sources. */
export const inOrder = (entries: readonly LogEntry[]): readonly LogEntry[] =>
  entries.toSorted((a, b) => a.atMs - b.atMs);

/**
 * Lines without a time get that of the line before them. Those at the beginning get that of the first line that has
 * one: they were written before it, and what a whole file was written at may be long after both.
 */
export function timed(lines: readonly Line[], writtenMs: number): readonly LogEntry[] {
  let before = lines.find(({ atMs }) => atMs !== undefined)?.atMs ?? writtenMs;
  return lines.flatMap(({ atMs, source, text }) => {
    before = atMs ?? before;
    const shown = printable(text);
    return shown === "" ? [] : [{ atMs: before, source: printable(source), text: shown }];
  });
}
