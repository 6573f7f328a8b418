import type { Flags } from "../command.ts";
import type { Context } from "../context.ts";
import { AscalonError, type ExitCode, exitCodes } from "../errors.ts";
import { type Converged, converge, parseTimeout } from "../lifecycle/converge.ts";
import type { Plan } from "../lifecycle/plan.ts";
import type { Reporter } from "../lifecycle/reporter.ts";
import type { Session, SessionOptions } from "../lifecycle/session.ts";
import type { Wish } from "../lifecycle/stopped-by-hand.ts";
import { headlineOf } from "../machine/facts.ts";
import { createReporter, type ReporterKind } from "../present/reporter.ts";
import { withSameSettings } from "../same-settings.ts";

export interface Change extends SessionOptions {
  /** The command as others are told of it while it holds the lock. */
  readonly command: string;
  readonly planFor: (session: Session) => Plan;
  readonly joinsStart?: boolean;
  readonly wish?: Wish;
  readonly mayBegin?: () => Promise<void>;
  readonly confirm?: (plan: Plan, session: Session) => Promise<void>;
  /** Said when there was nothing to do. */
  readonly idle: string;
  /** The next useful command, said at the end; undefined when there is none. */
  readonly next?: (plan: Plan, session: Session) => string | undefined;
  /** What goes on without us after Ctrl-C, and how to continue. */
  readonly interrupted: { readonly why: string; readonly run: string };
}

/** For commands whose last step is a boot. */
export const bootGoesOn = {
  why: "what Lima has begun continues in the background: a boot keeps going",
  run: "ascalon up    (carries on; ascalon stop ends it)",
} as const;

/** The last third of a changing command's story: converge with a reporter, say what came of it. */
export async function changeVm(context: Context, flags: Flags, change: Change): Promise<ExitCode> {
  const asJson = flags.json === true;
  const kind = typeof flags.progress === "string" ? (flags.progress as ReporterKind) : "auto";
  const shown = createReporter(kind, context.stderr, () => context.clock.monotonic());
  let begun = false;
  const reporter: Reporter = {
    ...shown,
    begin: (step) => {
      begun = true;
      shown.begin(step);
    },
    note: (text) => shown.note(withSameSettings(text, context.configFlag)),
  };
  try {
    const done = await converge(context, {
      ...change,
      reporter,
      timeoutMs: parseTimeout(typeof flags.timeout === "string" ? flags.timeout : undefined),
      wait: flags.wait !== false,
    });
    for (const note of done.session.loaded.notes) reporter.note(note);
    if (asJson) context.stdout.write(`${JSON.stringify(resultOf(done, flags.wait !== false))}\n`);
    else if (done.plan.steps.length === 0) reporter.note(change.idle);
    const next = change.next?.(done.plan, done.session);
    if (next !== undefined && !asJson) reporter.note(next);
    return exitCodes.ok;
  } catch (error) {
    if (!context.signal.aborted) throw error;
    const { why, run } = change.interrupted;
    throw new AscalonError("E_INTERRUPTED", {
      what: "interrupted",
      why: begun ? why : "nothing was changed",
      run,
    });
  } finally {
    reporter.end();
  }
}

const resultOf = ({ plan, facts }: Converged, waits: boolean) => ({
  schema: 1,
  state: headlineOf(facts),
  steps: plan.steps.map(({ kind }) => kind).filter((kind) => waits || kind !== "wait"),
  changes: plan.changes,
});
