import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import { pathsOf } from "../paths.ts";
import { askGuest } from "../ssh/ask-guest.ts";
import { notHeard, shellEnds } from "../ssh/login-report.ts";

const patienceMs = 10_000;

const wayOut =
  "ascalon restart    (its boot renames such a file; where that does not help, ascalon destroy and ascalon up make a new system and keep /home)";

/**
 * Lima calls a guest ready when it has run commands there, and waits for that without saying what fails
 * (pkg/hostagent/requirements.go). So one that was not ready in time is asked: the error with why it runs none, or the same
 * error when it lets nobody in or runs them.
 */
export async function withWhyNotReady(context: Context, error: unknown): Promise<unknown> {
  if (!(error instanceof AscalonError) || error.code !== "E_NOT_READY" || context.signal.aborted)
    return error;
  const found = await askWhy(context).catch(() => undefined);
  if (found === undefined) return error;
  const details = error.details;
  return new AscalonError(error.code, { what: error.message, ...found, details, cause: error });
}

async function askWhy(context: Context): Promise<{ readonly why: string; readonly run: string } | undefined> {
  const { instanceDir } = pathsOf(context);
  const answer = await askGuest(context, instanceDir, "echo heard", patienceMs, context.signal);
  // 255: of ssh itself.
  if (answer?.exitCode === undefined || answer.exitCode === 255) return undefined;
  if (/^heard$/m.test(answer.stdout)) return undefined;
  const why = answer.exitCode === 0 ? notHeard : shellEnds(answer.exitCode);
  return { why, run: wayOut };
}
