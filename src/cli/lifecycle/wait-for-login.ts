import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import type { StartOptions } from "../machine/machine.ts";
import { pathsOf } from "../paths.ts";
import { askGuest } from "../ssh/ask-guest.ts";

/** Beyond this a guest that answers and lets nobody in is not booting: its key was changed, or /home is missing. */
const patienceMs = 120_000;
const answerMs = 15_000;

/**
 * Waits until the user can log in. sshd answers before that: while systemd boots, pam_nologin(8) turns every user
 * away, for about a second here, and whoever goes by the port alone is sent into a closed door.
 */
export async function waitForLogin(context: Context, { timeoutMs, signal }: StartOptions): Promise<void> {
  const { instanceDir } = pathsOf(context);
  const until = context.clock.monotonic() + Math.min(timeoutMs, patienceMs);
  for (;;) {
    const answer = await askGuest(context, instanceDir, "true", answerMs);
    // Without a target there is nobody to ask; whatever needs it says so better.
    if (answer === undefined || answer.exitCode === 0) return;
    if (context.clock.monotonic() >= until) {
      throw new AscalonError("E_NOT_READY", {
        what: "the guest answers, and lets nobody in",
        why: answer.stderr.trim().split("\n").at(-1) || "it ends each login at once",
        run: "ascalon restart",
      });
    }
    await context.clock.sleep(250, signal);
  }
}
