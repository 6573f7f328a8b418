import type { Context } from "../context.ts";
import type { LogEntry } from "./entry.ts";
import { journalLine, parseLines } from "./parse-lines.ts";
import { journalctl } from "./read-logs.ts";
import type { HostLog, Topic } from "./topics.ts";

const lookMs = 500;
const reconnectMs = 3000;

/** Calls with every line that is written from now on, until the signal. */
export async function followLogs(
  context: Context,
  topic: Topic,
  onEntry: (entry: LogEntry) => void,
): Promise<void> {
  await Promise.all([
    followFiles(context, topic.files, onEntry),
    ...(topic.journal ? [followJournal(context, topic.journal, onEntry)] : []),
  ]);
}

async function followFiles(
  { files, clock, signal }: Context,
  logs: readonly HostLog[],
  onEntry: (entry: LogEntry) => void,
): Promise<void> {
  const readTo = new Map<string, number>();
  for (const { path } of logs) readTo.set(path, (await files.info(path))?.sizeBytes ?? 0);
  while (!signal.aborted) {
    for (const { path, parse } of logs) {
      const size = (await files.info(path))?.sizeBytes ?? 0;
      const before = readTo.get(path) ?? 0;
      if (size === before) continue;
      // Smaller: begun anew. The byte before is asked for too, because a tail begins after its first line end.
      const from = size < before ? 0 : before;
      const text = (await files.readTail(path, size - from + (from > 0 ? 1 : 0))) ?? "";
      const whole = text.slice(0, text.lastIndexOf("\n") + 1);
      readTo.set(path, size - Buffer.byteLength(text.slice(whole.length)));
      for (const entry of parseLines(whole, parse, clock.now())) onEntry(entry);
    }
    await clock.sleep(lookMs, signal).catch(() => {});
  }
}

/** Connects again when the guest was away; what was written meanwhile is not lost. */
async function followJournal(
  context: Context,
  words: readonly string[],
  onEntry: (entry: LogEntry) => void,
): Promise<void> {
  const { clock, signal } = context;
  const guest = await context.openGuest(context);
  let fromSeconds = Math.floor(clock.now() / 1000);
  while (!signal.aborted) {
    await guest.follow(
      ["sudo", "-n", ...journalctl, "-f", "--since", `@${fromSeconds}`, ...words],
      (line) => {
        for (const entry of parseLines(line, journalLine, clock.now())) {
          fromSeconds = Math.floor(entry.atMs / 1000) + 1;
          onEntry(entry);
        }
      },
      signal,
    );
    await clock.sleep(reconnectMs, signal).catch(() => {});
  }
}
