import type { Context } from "../context.ts";
import { oneLine } from "../printable.ts";
import { inOrder, type LogEntry } from "./entry.ts";
import { journalLine, parseLines } from "./parse-lines.ts";
import type { HostLog, Topic } from "./topics.ts";

/** Of each file at most this much is read: its end is what is asked for. */
const longestBytes = 4 * 1024 ** 2;

export interface LogQuestion {
  readonly sinceMs: number | undefined;
  readonly lines: number;
}

/** The last lines of everything the topic is about, in one order of time. A log that is not there has no lines. */
export async function readLogs(
  context: Context,
  topic: Topic,
  question: LogQuestion,
  isGuestUp: boolean,
): Promise<readonly LogEntry[]> {
  const parts = await Promise.all([
    ...topic.files.map((file) => readFile(context, file)),
    ...(topic.journal && isGuestUp ? [readJournal(context, topic.journal, question)] : []),
  ]);
  const { sinceMs, lines } = question;
  const wanted = inOrder(parts.flat()).filter(({ atMs }) => sinceMs === undefined || atMs >= sinceMs);
  return wanted.slice(-lines);
}

async function readFile({ files }: Context, { path, parse }: HostLog): Promise<readonly LogEntry[]> {
  const text = await files.readTail(path, longestBytes);
  return text === undefined ? [] : parseLines(text, parse, (await files.info(path))?.modifiedAt ?? 0);
}

async function readJournal(
  context: Context,
  words: readonly string[],
  { sinceMs, lines }: LogQuestion,
): Promise<readonly LogEntry[]> {
  const since = sinceMs === undefined ? [] : ["--since", `@${Math.floor(sinceMs / 1000)}`];
  const guest = await context.openGuest(context);
  const argv = [...journalctl, "-n", String(lines), ...since, ...words];
  const result = await guest.run(argv, { asRoot: true, timeoutMs: 60_000 });
  if (result.kind === "ended") return parseLines(result.stdout, journalLine, 0);
  context.stderr.write(`The guest's journal is left out: ${oneLine(result.why)}.\n`);
  return [];
}

/** The system's journal and that of the user's services. */
export const journalctl: readonly string[] = ["journalctl", "--no-pager", "-q", "-o", "short-unix"];
