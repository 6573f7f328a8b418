import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import { shortened } from "../printable.ts";
import { loadSettings } from "../settings/load.ts";

const lookEveryMs = 5_000;

/**
 * Until the settings can be used: true; false when the agent is to end first. Says what is wrong once, and again when
 * something else is.
 */
export async function waitForSettings(context: Context, log: (line: string) => void): Promise<boolean> {
  let told: string | undefined;
  while (!context.signal.aborted) {
    try {
      await loadSettings(context);
      if (told !== undefined) log("the settings can be used now");
      return true;
    } catch (error) {
      if (!(error instanceof AscalonError)) throw error;
      const why = [error.message, ...shortened(error.details)].join("; ");
      if (why !== told) log(`waiting for settings that can be used: ${why}`);
      told = why;
    }
    await context.clock.sleep(lookEveryMs, context.signal).catch(() => {});
  }
  return false;
}
