import type { CommandRun } from "../command.ts";
import { AscalonError, exitCodes } from "../errors.ts";
import { openSession } from "../lifecycle/session.ts";
import type { LogEntry } from "../logs/entry.ts";
import { followLogs } from "../logs/follow-logs.ts";
import { readLogs } from "../logs/read-logs.ts";
import { parseSince } from "../logs/since.ts";
import { topicOf } from "../logs/topics.ts";
import { headlineOf } from "../machine/facts.ts";
import { renderEntry } from "../present/logs.ts";

export const runLogs: CommandRun = async (context, flags, [word]) => {
  if (word !== undefined && !/^[A-Za-z0-9][A-Za-z0-9@:_.\\-]*$/.test(word)) {
    throw new AscalonError("E_USAGE", {
      what: `${word} is no name of a unit`,
      run: "ascalon help logs",
    });
  }
  const question = {
    lines: linesOf(flags.lines),
    sinceMs: typeof flags.since === "string" ? parseSince(flags.since, context.clock.now()) : undefined,
  };
  const { paths, facts } = await openSession(context);
  const isGuestUp = headlineOf(facts) === "ready";
  const topic = topicOf(word, paths, context.host, facts.startedAt ?? 0);
  if (topic.journal && !isGuestUp)
    context.stderr.write("The guest's journal is left out: the VM is not running, or does not answer.\n");
  const asJson = flags.json === true;
  const entries = await readLogs(context, topic, question, isGuestUp);
  const show = (entry: LogEntry): void =>
    context.stdout.write(asJson ? `${JSON.stringify(entry)}\n` : renderEntry(entry, context.stdout.colors));
  if (asJson && flags.follow !== true)
    context.stdout.write(`${JSON.stringify({ schema: 1, lines: entries })}\n`);
  else for (const entry of entries) show(entry);
  // Ctrl-C is how following ends.
  if (flags.follow === true) await followLogs(context, topic, show);
  return exitCodes.ok;
};

function linesOf(text: string | boolean | undefined): number {
  if (text === undefined) return 200;
  if (typeof text === "string" && /^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text);
  throw new AscalonError("E_USAGE", {
    what: `--lines: expected a number from 1 to 999999, got "${text}"`,
    run: "ascalon logs --lines 500",
  });
}
