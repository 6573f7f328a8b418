import { constants } from "node:os";
import type { Outcome } from "./call.ts";

/** What no program of the host returns by itself: the call did not take place, or its end is not known. */
export const noCallCode = 125;

export function complain(command: string, text: string): void {
  process.stderr.write(`${command}: ${text}\n`);
}

interface End {
  readonly code?: number | undefined;
  readonly signal?: string | undefined;
}

/** As `finishWith`, and says what could not be written, if anything. A program that does not know it ended well. */
export function finishTold(command: string, end: End, unwritten: string | undefined): void {
  if (unwritten !== undefined) complain(command, unwritten);
  const isWell = end.signal === undefined ? end.code === 0 : end.signal === "SIGPIPE";
  finishWith(unwritten !== undefined && isWell ? { code: 1 } : end);
}

/** Ends as the program did, by its signal too: a shell then shows what it always shows. */
export function finishWith(end: End): void {
  if (end.signal === undefined) {
    process.exit(end.code ?? noCallCode);
  }
  try {
    process.kill(process.pid, end.signal as NodeJS.Signals);
  } catch {
    // A signal that this system does not have.
  }
  // Ignored by whoever started us, as Node does with SIGPIPE: the number that a shell would show.
  const number = constants.signals[end.signal as NodeJS.Signals];
  setTimeout(() => process.exit(number === undefined ? noCallCode : 128 + number), 50);
}

const prefixes = {
  refused: "the host refuses it",
  busy: "the host is busy",
  missing: "it is not on the host",
  malformed: "the host did not understand",
  failed: "it failed on the host",
} as const;

/** Ends with what came of a call. */
export function finishCall(command: string, outcome: Outcome): void {
  if (outcome.kind === "exit") {
    finishTold(command, outcome.end, outcome.unwritten);
    return;
  }
  complain(
    command,
    outcome.kind === "lost" ? outcome.why : `${prefixes[outcome.error.code]}: ${outcome.error.message}`,
  );
  process.exit(noCallCode);
}
