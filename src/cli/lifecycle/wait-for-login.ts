import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import type { StartOptions } from "../machine/machine.ts";
import { stoppedMeanwhile } from "../machine/stopped-meanwhile.ts";
import { pathsOf } from "../paths.ts";
import { askGuest } from "../ssh/ask-guest.ts";
import { vmLives } from "../ssh/vm-lives.ts";

/** Beyond this a guest that answers and lets nobody in is not booting: its key was changed, or /home is missing. */
const patienceMs = 120_000;
/** A guest that is too slow for that gets twice as long for the next one. */
const answerMs = 15_000;
const longestAnswerMs = 60_000;
const pauseMs = 250;
/**
 * OpenSSH from 9.8 on counts five seconds against whoever fails to log in, and hears nobody for a while at fifteen: after
 * three, one at a time.
 */
const refusalsAtOnce = 3;
const pauseAfterThemMs = 5_000;

/**
 * Waits until the user can log in. sshd answers before that: while systemd boots, pam_nologin(8) turns every user
 * away, for about a second here, and whoever goes by the port alone is sent into a closed door.
 */
export async function waitForLogin(context: Context, { timeoutMs, signal }: StartOptions): Promise<void> {
  const { instanceDir } = pathsOf(context);
  const { clock } = context;
  const began = clock.monotonic();
  for (let [loginMs, refusals] = [answerMs, 0]; ; ) {
    const answer = await askGuest(context, instanceDir, "true", loginMs, signal);
    // Without a target there is nobody to ask; whatever needs it says so better.
    if (answer === undefined || answer.exitCode === 0) return;
    signal.throwIfAborted();
    if (!(await vmLives(context, instanceDir))) throw stoppedMeanwhile(instanceDir);
    const isLate = answer.timedOut || /timed out/.test(answer.stderr);
    const passedMs = clock.monotonic() - began;
    if (passedMs >= (isLate ? timeoutMs : Math.min(timeoutMs, patienceMs))) {
      throw isLate ? tooSlow(passedMs) : letsNobodyIn(answer.stderr);
    }
    if (answer.timedOut) loginMs = Math.min(2 * loginMs, longestAnswerMs);
    if (!isLate) refusals += 1;
    await clock.sleep(refusals < refusalsAtOnce ? pauseMs : pauseAfterThemMs, signal);
  }
}

const letsNobodyIn = (stderr: string): AscalonError =>
  new AscalonError("E_NOT_READY", {
    what: "the guest answers, but lets nobody in",
    why: stderr.trim().split("\n").at(-1) || "it ends each login at once",
    run: "ascalon restart",
  });

const tooSlow = (passedMs: number): AscalonError =>
  new AscalonError("E_NOT_READY", {
    what: `no login succeeded within ${Math.round(passedMs / 1000)} s`,
    why: "the guest is busy or hangs",
    run: "ascalon up    (keeps waiting)",
  });
