import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import { headlineOf, type MachineFacts } from "../machine/facts.ts";
import { type Applier, applySteps } from "./apply.ts";
import { describeExisting, describeMachine } from "./describe.ts";
import { joinStart } from "./join-start.ts";
import { lockHolder, withLock } from "./lock.ts";
import type { Plan } from "./plan.ts";
import { preflight, refuseRoot } from "./preflight.ts";
import type { Reporter } from "./reporter.ts";
import { observeAgain, openSession, type Session, type SessionOptions } from "./session.ts";
import { stayAwake } from "./stay-awake.ts";
import type { Step } from "./steps.ts";
import { noteWish, type Wish } from "./stopped-by-hand.ts";

export interface ConvergeOptions extends SessionOptions {
  /** For the lock: what others are told works. */
  readonly command: string;
  readonly planFor: (session: Session) => Plan;
  readonly reporter: Reporter;
  readonly timeoutMs: number;
  readonly wait: boolean;
  /** For commands that want nothing but a VM that runs: another ascalon that is starting it is waited for. */
  readonly joinsStart?: boolean;
  /** What the VM is to be afterwards, as far as a person said so. */
  readonly wish?: Wish;
  /** Asked under the lock, before anything is noted or done; throws to refuse. */
  readonly mayBegin?: () => Promise<void>;
  /** Asked once the plan is known and before anything is done; throws to refuse. */
  readonly confirm?: (plan: Plan, session: Session) => Promise<void>;
}

export interface Converged {
  readonly plan: Plan;
  readonly session: Session;
  /** Observed after the last step; the same as before when there was none. */
  readonly facts: MachineFacts;
}

/** Observe, plan, apply, observe: what every command that changes the VM does, under the lock. */
export async function converge(context: Context, options: ConvergeOptions): Promise<Converged> {
  refuseRoot(context);
  const session = await openSession(context, options);
  const firstPlan = options.planFor(session);
  const { stateDir } = session.paths;
  const note = (text: string): void => options.reporter.note(text);
  const noted = async (): Promise<void> => {
    if (options.wish === undefined) return;
    await noteWish(context, stateDir, options.wish).catch((error) =>
      note(`the agent may start the VM again when it is started itself: ${String(error)}`),
    );
  };
  // Nothing to do: no lock, no log, no program started. A VM that another command is about to start is not down for good.
  const mayRise = options.wish === "down" && (await lockHolder(context, stateDir)) !== undefined;
  if (firstPlan.steps.length === 0 && !mayRise) {
    await noted();
    return { plan: firstPlan, session, facts: session.facts };
  }
  await options.confirm?.(firstPlan, session);
  // Stopping and deleting is what a person does about a full disk.
  const whenDiskIsFull = (): void => note("the disk is full: working without the lock that keeps others out");
  const lock = options.wish === "down" ? { whenDiskIsFull } : {};
  const work = (timeoutMs: number, begun = (): void => {}): Promise<Converged> => {
    const locked = async (): Promise<Converged> => {
      begun();
      await options.mayBegin?.();
      // Who is refused the lock wished in vain. The agent's own `start` is refused it from here on.
      await noted();
      // Another command may have worked while this one waited for a person or the lock.
      const now = await observeAgain(session);
      const plan = await stayAwake(context, () => applyPlan(context, now, { ...options, timeoutMs }));
      const hasWaited = options.wait && plan.steps.some(({ kind }) => kind === "start" || kind === "wait");
      return { plan, session: now, facts: await observeAfter(context, session, hasWaited) };
    };
    return withLock(context, stateDir, options.command, locked, lock);
  };
  if (options.joinsStart !== true) return await work(options.timeoutMs);
  const outcome = async (): Promise<Converged | undefined> => {
    const now = await observeAgain(session);
    const plan = options.planFor(now);
    // Who does not wait for the boot is content with one that goes on.
    const isEnough = plan.steps.every(({ kind }) => kind === "wait" && !options.wait);
    if (!isEnough) return undefined;
    await noted();
    return { plan, session: now, facts: now.facts };
  };
  return await joinStart(context, { stateDir, timeoutMs: options.timeoutMs, note, outcome, work });
}

/**
 * A guest that is told to shut down goes on answering for some seconds, and is waited for like one that is busy. When its
 * VM ends meanwhile, that is no failure to whoever wants it up. One that was booting has been stopped by somebody, or
 * cannot boot.
 */
async function applyPlan(context: Context, session: Session, options: ConvergeOptions): Promise<Plan> {
  let at: Step["kind"] | undefined;
  const reporter: Reporter = {
    ...options.reporter,
    begin: (step) => {
      at = step.kind;
      options.reporter.begin(step);
    },
  };
  const apply = async (now: Session, plan: Plan, timeoutMs: number): Promise<void> => {
    await preflight(context, now, plan.steps);
    await applySteps(plan.steps, applierFor(context, now, plan, { ...options, reporter, timeoutMs }));
  };
  const began = context.clock.monotonic();
  const first = options.planFor(session);
  try {
    await apply(session, first, options.timeoutMs);
    return first;
  } catch (error) {
    const isBroken = error instanceof AscalonError && error.code === "E_INSTANCE_BROKEN";
    if (session.facts.process !== "running" || at !== "wait" || !isBroken) throw error;
    const now = await observeAgain(session);
    const second = options.planFor(now);
    if (!second.steps.some(({ kind }) => kind === "start")) throw error;
    options.reporter.note("The VM was shutting down, so it is started again.");
    const passedMs = context.clock.monotonic() - began;
    await apply(now, second, Math.max(1000, options.timeoutMs - passedMs));
    return { ...second, steps: [...first.steps, ...second.steps] };
  }
}

/** A guest that let the user in a moment ago may be too busy for a greeting so soon after its boot: it is asked again. */
async function observeAfter(
  context: Context,
  { machine }: Session,
  hasWaited: boolean,
): Promise<MachineFacts> {
  for (let looks = hasWaited ? 5 : 1; ; looks -= 1) {
    const facts = await machine.observe();
    if (looks === 1 || headlineOf(facts) !== "unreachable") return facts;
    await context.clock.sleep(1_000, context.signal);
  }
}

function applierFor(context: Context, session: Session, plan: Plan, options: ConvergeOptions): Applier {
  const { machine, settings } = session;
  const { reporter } = options;
  const start = { timeoutMs: options.timeoutMs, wait: options.wait, signal: context.signal };
  const note = (text: string): void => reporter.note(text);
  return {
    context,
    machine,
    reporter,
    start,
    settings,
    system: plan.system && { context, machine, settings, wish: plan.system, start, note, found: {} },
    describe: (settings) => describeMachine(context, settings),
    describeExisting: (settings) => describeExisting(context, settings, session.facts),
    facts: session.facts,
    logFile: `${session.paths.logDir}/lifecycle.log`,
  };
}

/** `--timeout`: seconds, or a number with s, m or h; 10 minutes when not given. */
export function parseTimeout(text: string | undefined): number {
  if (text === undefined) return 600_000;
  const match = /^(\d+)(s|m|h)?$/.exec(text);
  const unitMs = { s: 1000, m: 60_000, h: 3_600_000 }[match?.[2] ?? "s"] ?? 1000;
  const ms = Number(match?.[1]) * unitMs;
  if (match && ms > 0 && ms <= 24 * 3_600_000) return ms;
  throw new AscalonError("E_USAGE", {
    what: `--timeout: expected a time such as 90s, 10m or 1h, got "${text}"`,
    run: "ascalon up --timeout 10m",
  });
}
