import { posix } from "node:path";
import type { Context } from "../../context.ts";
import { AscalonError } from "../../errors.ts";
import { findProgram } from "../../find-program.ts";
import { quote } from "../../quote.ts";
import type { RunResult } from "../process.ts";

/**
 * What a browser downloaded, macOS does not let run before a person said so: it keeps the program waiting for an answer to
 * its window, or kills it, and nothing on stderr tells why. undefined: that is not so.
 */
export async function quarantineError(
  context: Pick<Context, "env" | "files" | "host" | "processes">,
  { signal, timedOut, stderr }: RunResult,
): Promise<AscalonError | undefined> {
  const isMute = stderr.trim() === "" && (timedOut || signal === "SIGKILL");
  if (context.host.platform !== "darwin" || !isMute) return undefined;
  const path = await findProgram(context, "limactl");
  if (path === undefined) return undefined;
  const marked = await context.processes.run("/usr/bin/xattr", ["-p", "com.apple.quarantine", path], {
    timeoutMs: 5_000,
  });
  if (marked.exitCode !== 0) return undefined;
  const folder = posix.dirname(posix.dirname((await context.files.realPath(path)) ?? path));
  return new AscalonError("E_LIMACTL_MISSING", {
    what: `macOS does not let ${path} run`,
    why: "a browser downloaded it, and macOS does not know its developer (com.apple.quarantine)",
    run: `brew install lima    (or, if you trust it: xattr -dr com.apple.quarantine ${quote(folder)})`,
  });
}
