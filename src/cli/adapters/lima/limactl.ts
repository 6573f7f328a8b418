import { posix } from "node:path";
import type { Context } from "../../context.ts";
import { AscalonError } from "../../errors.ts";
import { findProgram } from "../../find-program.ts";
import type { Paths } from "../../paths.ts";
import type { RunResult } from "../process.ts";
import { foreignArchOf } from "./executable-header.ts";
import { parseLogLine } from "./log-line.ts";
import { quarantineError } from "./quarantine.ts";
import { translateFailure } from "./translate.ts";

export interface LimactlOptions {
  /** For error messages: "create the VM". */
  readonly verb: string;
  readonly timeoutMs?: number;
  readonly onMessage?: (message: string) => void;
  /** Aborting ends limactl alone: the host agent it started goes on (it has its own process group). */
  readonly signal?: AbortSignal;
  readonly onStart?: (pid: number) => void;
  /** Why it failed in the words of another process, which limactl does not pass on. */
  readonly otherWords?: () => Promise<string | undefined>;
}

/** Runs `limactl --tty=false ARGS`; throws the translated error when it fails. */
export type Limactl = (args: readonly string[], options: LimactlOptions) => Promise<RunResult>;

/** What the parts of the machine need. */
export interface LimaPorts {
  readonly context: Context;
  readonly paths: Paths;
  readonly limactl: Limactl;
}

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
    options.signal?.throwIfAborted();
    await refuseForeignArch(context);
    const result = await context.processes.run("limactl", ["--tty=false", ...args], {
      env: await env(),
      detached: true,
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.onStart ? { onStart: options.onStart } : {}),
      ...(onMessage ? { onStderrLine: (line: string) => onMessage(parseLogLine(line).message) } : {}),
    });
    if (result.exitCode === 0) return result;
    if (options.signal?.aborted) {
      throw new AscalonError("E_INTERRUPTED", {
        what: `interrupted while trying to ${options.verb}`,
        run: "ascalon up",
      });
    }
    throw (
      (await quarantineError(context, result)) ??
      translateFailure(options.verb, result, await options.otherWords?.())
    );
  };
}

/**
 * A program for another processor is not refused by the system: execvp(3) gives a file that it cannot execute to
 * /bin/sh, which reads the machine code as a script.
 */
async function refuseForeignArch(context: Context): Promise<void> {
  const path = await findProgram(context, "limactl");
  const head = path === undefined ? undefined : await context.files.readBytes(path, 20);
  const arch = head && foreignArchOf(head, context.host.arch);
  if (arch === undefined) return;
  throw new AscalonError("E_LIMACTL_FOREIGN_ARCH", {
    what: `${path} is built for ${arch}, and this machine is ${context.host.arch}`,
    // The brew that comes first is then as a rule that of Intel too, and would bring the same again.
    run:
      context.host.platform === "darwin" && context.host.arch === "arm64"
        ? `/opt/homebrew/bin/brew install lima    (with /opt/homebrew/bin before ${posix.dirname(path ?? "")} in PATH)`
        : "brew reinstall lima    (or install the Lima release for this machine)",
  });
}
