import type { Context } from "../context.ts";
import { withoutEchoes } from "./console-echo.ts";
import { inOrder, type LogEntry } from "./entry.ts";
import { journalLine } from "./parse-lines.ts";
import { type ReadTo, readNews, unread } from "./read-file.ts";
import { afterLast, journalctl, journalTime, type LogsReadTo } from "./read-logs.ts";
import type { HostLog, Topic } from "./topics.ts";

const lookMs = 500;
const reconnectMs = 3000;

/** Calls with every line that is written after those that were read, until the signal. */
export async function followLogs(
  context: Context,
  topic: Topic,
  from: LogsReadTo,
  onEntry: (entry: LogEntry) => void,
): Promise<void> {
  await Promise.all([
    followFiles(context, topic.files, from.files, onEntry),
    ...(topic.journal ? [followJournal(context, topic.journal, from.journalFromMs, onEntry)] : []),
  ]);
}

async function followFiles(
  context: Context,
  logs: readonly HostLog[],
  from: LogsReadTo["files"],
  onEntry: (entry: LogEntry) => void,
): Promise<void> {
  const { clock, signal } = context;
  const readTo = new Map<string, ReadTo>(from);
  while (!signal.aborted) {
    const news = await Promise.all(
      logs.map(async (log) => {
        const to = readTo.get(log.path) ?? unread;
        // One that cannot be read for now keeps its place.
        const found = await readNews(context, log, to).catch(() => ({ entries: [], to, isBehind: false }));
        readTo.set(log.path, found.to);
        return found;
      }),
    );
    for (const entry of inOrder(withoutEchoes(news.map(({ entries }) => entries)))) onEntry(entry);
    if (!news.some(({ isBehind }) => isBehind)) await clock.sleep(lookMs, signal).catch(() => {});
  }
}

/** Connects again when the guest was away; what was written meanwhile is not lost. */
async function followJournal(
  context: Context,
  words: readonly string[],
  firstMs: number,
  onEntry: (entry: LogEntry) => void,
): Promise<void> {
  const { clock, signal } = context;
  const guest = await context.openGuest(context);
  let fromMs = firstMs;
  let before: LogEntry | undefined;
  while (!signal.aborted) {
    await guest.follow(
      ["sudo", "-n", ...journalctl, "-f", "--no-tail", "--since", journalTime(fromMs), ...words],
      (line) => {
        const entry = journalLine(line, before?.atMs ?? clock.now(), before?.source);
        if (!entry) return;
        before = entry;
        fromMs = Math.max(fromMs, afterLast([entry]) ?? 0);
        onEntry(entry);
      },
      signal,
    );
    await clock.sleep(reconnectMs, signal).catch(() => {});
  }
}
