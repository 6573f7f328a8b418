import type { RunResult } from "../adapters/process.ts";
import type { Context } from "../context.ts";
import { argsWithoutMaster, readSshTarget } from "./target.ts";

const options = ["BatchMode=yes", "ConnectTimeout=5", "LogLevel=ERROR"].flatMap((option) => ["-o", option]);

/**
 * One command of fixed text in the guest, over a connection of its own: Lima's shared one may hang. undefined: no
 * start has come as far as ssh.
 */
export async function askGuest(
  { files, processes }: Pick<Context, "files" | "processes">,
  instanceDir: string,
  command: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<RunResult | undefined> {
  const target = await readSshTarget({ files }, instanceDir);
  if (!target) return undefined;
  return await processes.run("ssh", argsWithoutMaster(target, { options, command }), {
    timeoutMs,
    maxBytes: 64 * 1024,
    ...(signal ? { signal } : {}),
  });
}
