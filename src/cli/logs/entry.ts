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

/** Escape sequences and other bytes that are not for a terminal which did not ask for them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is taken out
const notText = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|[@-Z\\-_])|[\u0000-\u0008\u000b-\u001f\u007f]/g;

export const printable = (text: string): string => text.replaceAll(notText, "").trimEnd();
