/** One line of any log. */
export interface LogEntry {
  /** Milliseconds since 1970, by the clock of whoever wrote it. */
  readonly atMs: number;
  /** `lifecycle`, `agent`, `lima`, `serial`, or a unit of the guest. */
  readonly source: string;
  readonly text: string;
}

/** A line to an entry; lines that have no time of their own get the one before them. undefined: not worth showing. */
export type ParseLine = (line: string, beforeMs: number) => LogEntry | undefined;

/** By time; entries of one moment stay in the order of their sources. */
export const inOrder = (entries: readonly LogEntry[]): readonly LogEntry[] =>
  entries.toSorted((a, b) => a.atMs - b.atMs);
