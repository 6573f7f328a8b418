import type { Context } from "../context.ts";

export type ServiceHost = Pick<Context, "env" | "host" | "uid" | "files" | "processes" | "clock">;

/** What launchd and systemd are asked for. A failure is a clause: what was called, and its words. */
export interface ServiceManager {
  /** `idle`: it knows the agent, and no process of it runs. */
  look(): Promise<"absent" | "idle" | "running">;
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
}> {
  const [file, ...args] = argv;
  const { exitCode, stdout, stderr, startError } = await host.processes.run(file, args, { timeoutMs });
  if (exitCode === 0) return { exitCode, stdout, failure: undefined };
  const why =
    startError === undefined ? stderr.trim() || "failed without a word" : `could not be run (${startError})`;
  return { exitCode, stdout, failure: `${argv.slice(0, 3).join(" ")}: ${why}` };
}
