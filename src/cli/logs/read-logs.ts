import type { Context } from "../context.ts";
import { oneLine } from "../printable.ts";
import { withoutEchoes } from "./console-echo.ts";
import { inOrder, type LogEntry } from "./entry.ts";
import { journalText } from "./parse-lines.ts";
import { type FileRead, type ReadTo, readEnd, unread } from "./read-file.ts";
import type { Topic } from "./topics.ts";

export interface LogQuestion {
  readonly sinceMs: number | undefined;
  readonly lines: number;
}

export interface LogsRead {
  /** The last lines of everything the topic is about, in one order of time. */
  readonly entries: readonly LogEntry[];
  readonly readTo: LogsReadTo;
  /** Clauses, each about a log that is there and could not be read. */
  readonly leftOut: readonly string[];
  /** Why nothing of the guest's journal is in it. */
  readonly journalFailure: string | undefined;
}

/** Where whoever follows goes on. */
export interface LogsReadTo {
  readonly files: ReadonlyMap<string, ReadTo>;
  readonly journalFromMs: number;
}

/** A log that is not there has no lines. */
export async function readLogs(
  context: Context,
  topic: Topic,
  question: LogQuestion,
  isGuestUp: boolean,
): Promise<LogsRead> {
  const beganMs = context.clock.now();
  const leftOut: string[] = [];
  const [journal, ...files] = await Promise.all([
    topic.journal && isGuestUp
      ? readJournal(context, topic.journal, question)
      : { entries: [], failure: undefined },
    ...topic.files.map((log) =>
      readEnd(context, log).catch((error: NodeJS.ErrnoException): FileRead => {
        leftOut.push(`${log.path} (${error.code ?? error.message})`);
        return { entries: [], to: unread };
      }),
    ),
  ]);
  const { sinceMs, lines } = question;
  const all = [...withoutEchoes(files.map(({ entries }) => entries)), ...journal.entries];
  const wanted = inOrder(all).filter(({ atMs }) => sinceMs === undefined || atMs >= sinceMs);
  return {
    entries: wanted.slice(-lines),
    readTo: {
      files: new Map(topic.files.map(({ path }, index) => [path, files[index]?.to ?? unread])),
      journalFromMs: afterLast(journal.entries) ?? beganMs,
    },
    leftOut,
    journalFailure: journal.failure,
  };
}

async function readJournal(
  context: Context,
  words: readonly string[],
  { sinceMs, lines }: LogQuestion,
): Promise<{ readonly entries: readonly LogEntry[]; readonly failure: string | undefined }> {
  const since = sinceMs === undefined ? [] : ["--since", journalTime(sinceMs)];
  const guest = await context.openGuest(context);
  // Backwards: with --since, journalctl before systemd 254 counts its lines from there and not from the end.
  const argv = [...journalctl, "--reverse", "-n", String(lines), ...since, ...words];
  const result = await guest.run(argv, { asRoot: true, timeoutMs: 60_000 });
  if (result.kind !== "ended") return { entries: [], failure: oneLine(result.why) };
  const { code, stdout, stderr } = result;
  const entries = journalText(oldestFirst(stdout));
  if (code === 0) return { entries, failure: undefined };
  return { entries, failure: [`journalctl ended with ${code}`, oneLine(stderr)].filter(Boolean).join(": ") };
}

/** Each message with its further lines, which are indented. */
const oldestFirst = (text: string): string =>
  text
    .split(/^(?=\d+\.\d{6} )/m)
    .reverse()
    .join("\n");

/** The system's journal and that of the user's services. */
export const journalctl: readonly string[] = ["journalctl", "--no-pager", "-q", "-o", "short-unix"];

/** journald counts microseconds. */
export const journalTime = (atMs: number): string => `@${(atMs / 1000).toFixed(6)}`;

/** The first moment that none of these lines is of. */
export function afterLast(entries: readonly LogEntry[]): number | undefined {
  const last = entries.at(-1);
  return last && last.atMs + 0.001;
}
