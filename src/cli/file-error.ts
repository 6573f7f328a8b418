import { asAccessError } from "./access-error.ts";
import type { Context } from "./context.ts";
import type { AscalonError } from "./errors.ts";
import { asHomeError } from "./home-error.ts";
import { asInTheWayError } from "./in-the-way-error.ts";

/** What the file system refused and a person can put right; undefined for every other failure. */
export async function asFileError(
  context: Pick<Context, "files" | "uid" | "host">,
  error: unknown,
): Promise<AscalonError | undefined> {
  return (
    (await asHomeError(context, error)) ??
    (await asAccessError(context, error)) ??
    (await asInTheWayError(context, error))
  );
}
