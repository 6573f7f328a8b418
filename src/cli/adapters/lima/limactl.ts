import type { Context } from "../../context.ts";
import { AscalonError } from "../../errors.ts";
import type { RunResult } from "../process.ts";
import { parseLogLine } from "./log-line.ts";
import { translateFailure } from "./translate.ts";

export interface LimactlOptions {
  /** For error messages: "create the VM". */
  readonly verb: string;
  readonly timeoutMs?: number;
  readonly onMessage?: (message: string) => void;
  /** Aborting ends limactl alone: the host agent it started goes on (it has its own process group). */
  readonly signal?: AbortSignal;
}

/** Runs `limactl --tty=false ARGS`; throws the translated error when it fails. */
export type Limactl = (args: readonly string[], options: LimactlOptions) => Promise<RunResult>;

/** Without these variables the answer to "which LIMA_HOME, which QEMU" would depend on who asked. */
export function limactlEnvironment(
  context: Context,
  limaHome: string,
  extra: Readonly<Record<string, string>>,
): Record<string, string> {
  return { LIMA_HOME: limaHome, PATH: context.env.PATH ?? "/usr/bin:/bin", ...extra };
}

export function createLimactl(context: Context, env: () => Promise<Record<string, string>>): Limactl {
  return async (args, options) => {
    const { onMessage } = options;
    const result = await context.processes.run("limactl", ["--tty=false", ...args], {
      env: await env(),
      detached: true,
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      ...(options.signal ? { signal: options.signal } : {}),
      ...(onMessage ? { onStderrLine: (line: string) => onMessage(parseLogLine(line).message) } : {}),
    });
    if (result.exitCode === 0) return result;
    if (options.signal?.aborted) {
      throw new AscalonError("E_INTERRUPTED", {
        what: `interrupted while asked to ${options.verb}`,
        run: "ascalon up",
      });
    }
    throw translateFailure(options.verb, result);
  };
}
