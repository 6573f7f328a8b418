import { rollbackTimerScript } from "../carried-files.ts";
import { AscalonError } from "../errors.ts";
import type { GuestResult } from "../machine/guest-port.ts";
import type { Progress } from "../machine/machine.ts";
import { parseRollbackStatus, type RollbackStatus, rollbackTimer } from "./rollback-timer.ts";
import { argvOf, isDown, runScript, type SystemWork, sameAgain } from "./system-work.ts";

const quiet: Progress = () => {};

/** Of the setting. */
const longestSeconds = 3600;

/** For a guest that is only slow. */
export const moreTime = ({ wish: { confirmSeconds } }: SystemWork): string =>
  confirmSeconds >= longestSeconds
    ? "ascalon logs rebuild"
    : `ascalon config set rebuild.confirm ${Math.min(longestSeconds, Math.max(600, 2 * confirmSeconds))}    (then again)`;

async function runTimer(
  work: SystemWork,
  argv: readonly string[],
  progress: Progress = quiet,
): Promise<GuestResult> {
  const timeoutMs = (work.wish.confirmSeconds + 60) * 1000;
  return await runScript(work, rollbackTimerScript, { argv, progress, timeoutMs });
}

export async function rollbackStatus(work: SystemWork): Promise<RollbackStatus | undefined> {
  const result = await runTimer(work, rollbackTimer.status);
  return result.kind === "ended" ? parseRollbackStatus(result.stdout) : undefined;
}

/** Throws when the timer could not be armed: then nothing has been changed yet. */
export async function arm(work: SystemWork, progress: Progress): Promise<void> {
  work.found.armedMs = work.context.clock.monotonic();
  const result = await runTimer(work, await argvOf(work, "arm"), progress);
  if (result.kind === "ended" && result.code === 0) return;
  throw new AscalonError("E_SWITCH", {
    what: "the automatic rollback could not be prepared, so nothing was changed",
    why:
      result.kind === "ended" ? result.stderr.trim().split("\n").at(-1) || `code ${result.code}` : result.why,
    run: sameAgain(work),
  });
}

const askAgainMs = 2000;
/** For a guest that answers and cannot run the question: in the middle of a switch it may be able to in a moment. */
const cannotMs = 10_000;
/** For a guest in which nothing was changed yet: it may be asked again later as well. */
const unchangedMs = 60_000;

/**
 * The same from a guest that may be busy, asked until it answers: no answer says nothing of its state. Throws E_SSH when
 * it had all the time of a trial (a minute when it is `unchanged`) or its VM has stopped, E_SWITCH when it answers
 * something else.
 */
export async function settledStatus(
  work: SystemWork,
  {
    unchanged = false,
    progress = quiet,
  }: { readonly unchanged?: boolean; readonly progress?: Progress } = {},
): Promise<RollbackStatus> {
  const { clock, signal } = work.context;
  const trialMs = work.wish.confirmSeconds * 1000;
  const patienceMs = unchanged ? Math.min(unchangedMs, trialMs) : trialMs;
  const began = clock.monotonic();
  for (;;) {
    const result = await runTimer(work, rollbackTimer.status);
    const status = result.kind === "ended" ? parseRollbackStatus(result.stdout) : undefined;
    if (status) return status;
    const passedMs = clock.monotonic() - began;
    if (result.kind === "ended" && passedMs >= cannotMs) {
      throw new AscalonError("E_SWITCH", {
        what: "the guest does not report whether a new system is on trial",
        why: result.stderr.trim().split("\n").at(-1) || `code ${result.code}`,
        run: sameAgain(work),
      });
    }
    const stopped = result.kind === "unreachable" && (await isDown(work));
    if (stopped || passedMs >= patienceMs) throw silence(unchanged, stopped);
    if (result.kind === "unreachable") progress("the guest does not answer: asking again");
    await clock.sleep(askAgainMs, signal);
  }
}

function silence(unchanged: boolean, stopped: boolean): AscalonError {
  const who = stopped ? "the VM has stopped" : "the guest no longer answers";
  return unchanged
    ? new AscalonError("E_SSH", {
        what: `${who}; no other system was started`,
        run: stopped ? "ascalon up" : "ascalon doctor",
      })
    : new AscalonError("E_SSH", {
        what: `${who}, so it is unknown whether it keeps the system that it runs`,
        why: "if a new system was not confirmed, the guest goes back by itself",
        run: stopped ? "ascalon up" : "ascalon generations",
      });
}

/** Throws when the guest went back before it was told that all is well. */
export async function confirm(work: SystemWork): Promise<void> {
  let told: GuestResult | undefined;
  for (;;) {
    const status = await settledStatus(work);
    // It was told, and only the answer was lost.
    if (status.state === "none" && told) return;
    if (status.state !== "armed") throw tooLate(work, "went");
    told = await runTimer(work, rollbackTimer.confirm);
    if (told.kind === "unreachable") continue;
    if (told.code === 0) return;
    if (told.code === goingBack) throw tooLate(work, "goes");
    throw new AscalonError("E_SWITCH", {
      what: "the new system is healthy, but could not be confirmed",
      why: `code ${told.code}`,
      run: sameAgain(work),
    });
  }
}

/** Of rollback-timer.sh. */
const goingBack = 3;

const tooLate = (work: SystemWork, verb: "goes" | "went"): AscalonError =>
  new AscalonError("E_SWITCH", {
    what: `the guest ${verb} back to the previous system, because the new one was not confirmed in time`,
    why: `rebuild.confirm is ${work.wish.confirmSeconds} s`,
    run: moreTime(work),
  });

/** Has the guest go back now; tells in one sentence where that leaves it. */
export async function goBack(work: SystemWork, progress: Progress): Promise<string> {
  const { wish, found } = work;
  if (!wish.rollback) {
    return wish.boot
      ? "it was told not to go back; ascalon rollback does"
      : "it was told not to go back; the next start of the VM brings the previous system";
  }
  const before = found.before?.system ?? "the previous system";
  const down = wish.boot
    ? `started again, the VM goes back to ${before} by itself, ${wish.confirmSeconds} s later`
    : `its next start brings ${before}`;
  if (await isDown(work)) return down;
  const result = await runTimer(work, rollbackTimer.now, progress);
  if (result.kind === "unreachable") {
    if (await isDown(work)) return down;
    return `the guest goes back to ${before} by itself, within ${wish.confirmSeconds} s`;
  }
  if (result.code !== 0) return `going back failed (code ${result.code}): ascalon logs rebuild`;
  return wish.boot ? `the guest restarts with ${before}` : `the guest runs ${before} again`;
}
