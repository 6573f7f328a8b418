import type {
  InheritOptions,
  InheritResult,
  Processes,
  RunOptions,
  RunResult,
} from "../../src/cli/adapters/process.ts";

export interface Call {
  readonly kind: "run" | "inherit" | "detach";
  readonly file: string;
  readonly args: readonly string[];
  readonly options: RunOptions & InheritOptions;
}

/** Answers a call; undefined means "no such program". Missing fields are those of a program that ended with 0. */
export type Answer = (call: Call) => Partial<RunResult> | undefined | Promise<Partial<RunResult> | undefined>;

export interface FakeProcesses extends Processes {
  readonly calls: readonly Call[];
  /** Pids that exist, those of `inherit` while it goes on; `kill` with SIGKILL or SIGTERM removes them. */
  readonly living: Set<number>;
  readonly killed: readonly (readonly [pid: number, signal: NodeJS.Signals])[];
}

const absent: RunResult = {
  exitCode: undefined,
  signal: undefined,
  stdout: "",
  stderr: "",
  timedOut: false,
  startError: "ENOENT",
};

export function fakeProcesses(answer: Answer = () => undefined): FakeProcesses {
  const calls: Call[] = [];
  const killed: [number, NodeJS.Signals][] = [];
  const living = new Set<number>();
  const endedBy = new Map<number, (result: RunResult) => void>();
  let nextPid = 5000;

  const ask = async (call: Call): Promise<RunResult> => {
    calls.push(call);
    const partial = await answer(call);
    if (!partial) return absent;
    const ended = partial.signal === undefined && !partial.timedOut && partial.startError === undefined;
    return { ...absent, startError: undefined, ...(ended ? { exitCode: 0 } : {}), ...partial };
  };

  return {
    calls,
    living,
    killed,
    run: async (file, args, options = {}) => {
      const result = await ask({ kind: "run", file, args, options });
      for (const line of result.stderr.split("\n")) if (line !== "") options.onStderrLine?.(line);
      return result;
    },
    inherit: async (file, args, options = {}): Promise<InheritResult> => {
      const pid = nextPid++;
      living.add(pid);
      const killed = new Promise<RunResult>((resolve) => endedBy.set(pid, resolve));
      options.onStart?.(pid);
      const { exitCode, signal, startError } = await Promise.race([
        ask({ kind: "inherit", file, args, options }),
        killed,
      ]).finally(() => living.delete(pid));
      return { exitCode, signal: signal as NodeJS.Signals | undefined, startError };
    },
    detach: async (file, args, options) => {
      const env = options.env ? { env: options.env } : {};
      const { exitCode, signal, startError } = await ask({ kind: "detach", file, args, options: env });
      return { exitCode, signal: signal as NodeJS.Signals | undefined, startError };
    },
    exists: (pid) => living.has(pid),
    owns: (pid) => living.has(pid),
    kill: (pid, signal) => {
      if (!living.has(pid)) throw Object.assign(new Error("ESRCH"), { code: "ESRCH" });
      killed.push([pid, signal]);
      if (signal !== "SIGKILL" && signal !== "SIGTERM") return;
      living.delete(pid);
      // One that heard SIGTERM may say itself how it ends.
      setImmediate(() => endedBy.get(pid)?.({ ...absent, startError: undefined, signal }));
    },
  };
}
