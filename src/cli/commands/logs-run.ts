import type { CommandRun } from "../command.ts";
import type { Context } from "../context.ts";
import { AscalonError, exitCodes } from "../errors.ts";
import { openSession, type Session } from "../lifecycle/session.ts";
import type { LogEntry } from "../logs/entry.ts";
import { followLogs } from "../logs/follow-logs.ts";
import { readLogs } from "../logs/read-logs.ts";
import { parseSince } from "../logs/since.ts";
import { type Topic, topicOf, withoutInstance } from "../logs/topics.ts";
import { headlineOf, type MachineFacts } from "../machine/facts.ts";
import { renderEntry } from "../present/logs.ts";
import { withSameSettings } from "../same-settings.ts";
import { requireGuest } from "./require-guest.ts";

export const runLogs: CommandRun = async (context, flags, [word]) => {
  if (word !== undefined && !/^[A-Za-z0-9][A-Za-z0-9@:_.\\-]*$/.test(word)) {
    throw new AscalonError("E_USAGE", {
      what: `${word || '""'} is not a unit name`,
      run: "ascalon help logs",
    });
  }
  const question = {
    lines: linesOf(flags.lines),
    sinceMs: typeof flags.since === "string" ? parseSince(flags.since, context.clock.now()) : undefined,
  };
  const follows = flags.follow === true;
  // Logs are asked for when something is wrong, with the settings file too.
  const session = await openSession(context, { needsNoSettings: true });
  const note = (text: string): void =>
    void context.stderr.write(withSameSettings(`${text}\n`, context.configFlag));
  const topic = ownTopic(word, session, context, note);
  const isGuestUp = session.facts.ssh.state === "up";
  // Nothing can be shown, and nobody waits for it.
  if (topic.files.length === 0 && !isGuestUp && !follows) requireGuest(session);
  if (topic.journal && !isGuestUp)
    note(
      `The guest's journal is left out${follows ? " until it answers" : ""}: ${guestWords(session.facts)}.`,
    );
  const read = await readLogs(context, topic, question, isGuestUp);
  for (const each of read.leftOut) note(`Left out, because it cannot be read: ${each}.`);
  if (read.journalFailure !== undefined) {
    if (topic.files.length === 0 && !follows) throw noJournal(read.journalFailure);
    note(`The guest's journal is left out: ${read.journalFailure}.`);
  }
  const asJson = flags.json === true;
  const show = (entry: LogEntry): void =>
    context.stdout.write(asJson ? `${JSON.stringify(entry)}\n` : renderEntry(entry, context.stdout.colors));
  if (asJson && !follows) context.stdout.write(`${JSON.stringify({ schema: 1, lines: read.entries })}\n`);
  else for (const entry of read.entries) show(entry);
  if (read.entries.length === 0 && !follows) note(emptyWords(word, topic, flags.since));
  // Ctrl-C is how following ends.
  if (follows) await followLogs(context, topic, read.readTo, show);
  return exitCodes.ok;
};

/** The topic, without what belongs to an instance of somebody else; throws when nothing is left of it. */
function ownTopic(
  word: string | undefined,
  session: Session,
  { host }: Pick<Context, "host">,
  note: (text: string) => void,
): Topic {
  const { paths, facts } = session;
  const topic = topicOf(word, paths, host);
  if (headlineOf(facts) !== "foreign") return topic;
  const own = withoutInstance(topic, paths);
  if (own.files.length === 0) requireGuest(session);
  if (own.files.length < topic.files.length)
    note(`Left out, because ascalon did not make it: the Lima instance ${facts.folder}.`);
  return own;
}

/** Why the guest cannot be asked. */
function guestWords(facts: MachineFacts): string {
  switch (headlineOf(facts)) {
    case "absent":
      return "there is no VM yet";
    case "starting":
      return "the VM is still booting";
    case "ready":
    case "unreachable":
      return "the VM does not answer";
    default:
      return "the VM is not running";
  }
}

/** Silence could be taken for a fault, and a mistyped name for a quiet unit. */
function emptyWords(word: string | undefined, { files }: Topic, since: string | boolean | undefined): string {
  const when = typeof since === "string" ? ` since ${since}` : "";
  if (files.length > 0 || word === undefined) return `Nothing is logged${when}.`;
  return `The guest's journal has no line of a unit ${word}${when}. All units: ascalon shell -- systemctl list-units`;
}

const noJournal = (why: string): AscalonError =>
  new AscalonError("E_SSH", {
    what: "the guest could not be asked for its journal",
    why,
    run: "ascalon status",
  });

function linesOf(text: string | boolean | undefined): number {
  if (text === undefined) return 200;
  if (typeof text === "string" && /^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text);
  throw new AscalonError("E_USAGE", {
    what: `--lines: expected a number from 1 to 999999, got "${text}"`,
    run: "ascalon logs --lines 500",
  });
}
