import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";

/** More than any command that ssh takes. */
const longestBytes = 1024 ** 2;

/**
 * Node takes its arguments for UTF-8, and what is none has become U+FFFD: the name of another file. Only Linux tells what
 * they were; on a Mac file names are UTF-8.
 */
export async function refuseLostBytes(
  { files }: Pick<Context, "files">,
  argv: readonly string[],
): Promise<void> {
  if (!argv.some((word) => word.includes("\uFFFD"))) return;
  const typed = await files.readBytes("/proc/self/cmdline", longestBytes);
  if (typed === undefined || Buffer.from(typed.toString("utf8")).equals(typed)) return;
  throw new AscalonError("E_USAGE", {
    what: "an argument is not UTF-8, and would not reach the program as typed",
    why: "nothing was run; ascalon's arguments are text",
    run: "ascalon shell -- sh -s < script.sh    (what is read from stdin arrives byte for byte)",
  });
}
