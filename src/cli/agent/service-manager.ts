import type { RunResult } from "../adapters/process.ts";
import type { Context } from "../context.ts";

export type ServiceHost = Pick<Context, "env" | "host" | "uid" | "files" | "processes" | "clock">;

/** What launchd and systemd are asked for. A failure is a clause: what was called, and its words. */
export interface ServiceManager {
  /** `idle`: it knows the agent, and no process of it runs. `mute`: it does not say, and knows of something. */
  look(): Promise<"absent" | "idle" | "running" | "mute">;
  /** Takes the description that lies in `file` now, whatever ran before, and starts it. */
  load(file: string): Promise<string | undefined>;
  /** Ends the process that may be there and starts another. */
  restart(): Promise<string | undefined>;
  /** Ends it and forgets it. */
  unload(): Promise<string | undefined>;
  /** After the description is removed. */
  forget(): Promise<string | undefined>;
}

/** Runs a program of the service manager. */
export async function callManager(
  host: Pick<ServiceHost, "processes">,
  argv: readonly [string, ...string[]],
  timeoutMs = 20_000,
): Promise<{
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly failure: string | undefined;
  readonly timedOut: boolean;
}> {
  const [file, ...args] = argv;
  const result = await host.processes.run(file, args, { timeoutMs });
  const { exitCode, stdout, timedOut } = result;
  if (exitCode === 0) return { exitCode, stdout, failure: undefined, timedOut };
  return {
    exitCode,
    stdout,
    failure: `${argv.slice(0, 3).join(" ")}: ${whyOf(result, timeoutMs)}`,
    timedOut,
  };
}

function whyOf({ stderr, startError, timedOut }: RunResult, timeoutMs: number): string {
  if (startError !== undefined) return `could not be run (${startError})`;
  if (timedOut) return `did not answer within ${timeoutMs / 1_000} s`;
  return stderr.trim() || "failed without a message";
}
