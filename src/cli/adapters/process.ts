import type { ChildProcess, SpawnOptions } from "node:child_process";
import { getBuiltinModule } from "node:process";
import type { Readable, Writable } from "node:stream";
import { afterAwake } from "./clock.ts";
import { folderForPrograms } from "./current-folder.ts";
import { readSlowly } from "./read-slowly.ts";

/**
 * The only file that starts programs. No shell ever stands between ascalon and a program: argv goes to exec as
 * it is. execa serves the calls whose output is read; plain spawn the ones that hand over the terminal, because
 * those are on the path of `ascalon shell`, where loading execa would cost more than the call.
 */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Each line of stderr as it comes. */
  readonly onStderrLine?: (line: string) => void;
  /** In a process group of its own, so that Ctrl-C in the terminal does not reach it. */
  readonly detached?: boolean;
  /** Called with the pid once the program runs. */
  readonly onStart?: (pid: number) => void;
  /** Longest output kept, in bytes; more fails the call. 100 MiB when not given. */
  readonly maxBytes?: number;
}

export interface RunResult {
  /** undefined when the program did not end by itself. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** ENOENT, EACCES, …: the program could not be started. */
  readonly startError: string | undefined;
}

export interface InheritOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: "inherit" | "ignore";
  /** In a session of its own, so that Ctrl-C in the terminal reaches ascalon alone. */
  readonly detached?: boolean;
  /** Called with the pid once the program runs. */
  readonly onStart?: (pid: number) => void;
}

export interface InheritResult {
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly startError: string | undefined;
}

export interface Processes {
  /** Runs a program to its end and returns what it said; never throws for the program's own failure. */
  run(file: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Hands the terminal to a program and waits. */
  inherit(file: string, args: readonly string[], options?: InheritOptions): Promise<InheritResult>;
  /**
   * Starts a program that outlives ascalon; its output goes to the file descriptor given. Tells how it ended to whoever
   * waits for that; ascalon itself does not stay for it.
   */
  detach(file: string, args: readonly string[], options: DetachOptions): Promise<InheritResult>;
  /** Whether a process with this pid exists (also when it is another user's). */
  exists(pid: number): boolean;
  /** Whether there is one that this user may send signals to. */
  owns(pid: number): boolean;
  kill(pid: number, signal: NodeJS.Signals): void;
}

export interface DetachOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly outputFd: number;
}

/** Loaded by the calls that start a program: `status` starts none, and the module takes 1.7 ms. */
const childProcess = () => getBuiltinModule("node:child_process");

/** What the start of a program takes: two for each stream, and two that tell how it went. */
const neededDescriptors = 8;

/**
 * Why no program can be started now. Nothing is tried then: execa would end us, because it meets a program without
 * streams before it listens for its error, and Node never closes what it opened for a program that failed so.
 */
function lackOfDescriptors(): string | undefined {
  const { closeSync, openSync } = getBuiltinModule("node:fs");
  const opened: number[] = [];
  try {
    while (opened.length < neededDescriptors) opened.push(openSync("/dev/null", "r"));
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  } finally {
    for (const fd of opened) closeSync(fd);
  }
}

async function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { execa } = await import("execa");
  const onStderrLine = options.onStderrLine;
  const tap = onStderrLine
    ? function* (line: unknown) {
        onStderrLine(String(line));
        yield line;
      }
    : undefined;
  const startError = lackOfDescriptors();
  if (startError !== undefined)
    return { exitCode: undefined, signal: undefined, stdout: "", stderr: "", timedOut: false, startError };
  // Not AbortSignal.any, which in Node 20 lets a signal that lives long keep what follows it (nodejs/node#55351).
  const end = new AbortController();
  const cancel = (): void => end.abort();
  if (options.signal?.aborted) cancel();
  options.signal?.addEventListener("abort", cancel);
  let timedOut = false;
  const cwd = options.cwd ?? folderForPrograms();
  const started = execa(file, args, {
    reject: false,
    stripFinalNewline: false,
    maxBuffer: options.maxBytes ?? 100 * 1024 * 1024,
    ...(options.env ? { env: options.env } : {}),
    ...(cwd ? { cwd } : {}),
    ...(options.input === undefined ? { stdin: "ignore" as const } : { input: options.input }),
    cancelSignal: end.signal,
    ...(options.detached ? { detached: true } : {}),
    ...(tap ? { stderr: ["pipe", tap] as ["pipe", typeof tap] } : {}),
  });
  if (started.pid !== undefined) options.onStart?.(started.pid);
  // Not execa's own: a Mac that slept in between was no slow program.
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : afterAwake(options.timeoutMs, () => {
          timedOut = !end.signal.aborted;
          cancel();
        });
  const result = await started.finally(() => {
    timer?.cancel();
    options.signal?.removeEventListener("abort", cancel);
  });
  return {
    exitCode: result.exitCode,
    signal: result.signal,
    stdout: String(result.stdout ?? ""),
    stderr: String(result.stderr ?? ""),
    timedOut: timedOut && result.isCanceled,
    startError: result.exitCode === undefined && result.signal === undefined ? result.code : undefined,
  };
}

function inherit(
  file: string,
  args: readonly string[],
  options: InheritOptions = {},
): Promise<InheritResult> {
  return new Promise((resolve) => {
    const spawnOptions: SpawnOptions = {
      stdio: [options.stdin ?? "inherit", "inherit", "inherit"],
      ...(options.detached ? { detached: true } : {}),
      ...(options.env ? { env: options.env } : {}),
    };
    const child = childProcess().spawn(file, args, spawnOptions);
    if (child.pid !== undefined) options.onStart?.(child.pid);
    resolveAtEnd(child, resolve);
  });
}

function resolveAtEnd(child: ChildProcess, resolve: (end: InheritResult) => void): void {
  child.once("error", (error: NodeJS.ErrnoException) =>
    resolve({ exitCode: undefined, signal: undefined, startError: error.code ?? error.message }),
  );
  child.once("exit", (code, signal) =>
    resolve({ exitCode: code ?? undefined, signal: signal ?? undefined, startError: undefined }),
  );
}

function detach(file: string, args: readonly string[], options: DetachOptions): Promise<InheritResult> {
  return new Promise((resolve) => {
    const child = childProcess().spawn(file, args, {
      detached: true,
      stdio: ["ignore", options.outputFd, options.outputFd],
      ...(options.env ? { env: options.env } : {}),
    });
    resolveAtEnd(child, resolve);
    child.unref();
  });
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and not ours.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function owns(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export const systemProcesses: Processes = {
  run,
  inherit,
  detach,
  exists,
  owns,
  kill: (pid, signal) => {
    process.kill(pid, signal);
  },
};

/** Not before whoever starts the program has what it was given. */
const tellLater = (onExit: (end: InheritResult) => void, startError: string): void =>
  queueMicrotask(() => onExit({ exitCode: undefined, signal: undefined, startError }));

export interface LongOptions {
  /** In a session of its own, so that Ctrl-C and the end of the terminal do not reach it. */
  readonly detached?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly onStdoutLine?: (line: string) => void;
  /** Characters of stdout that are read in a second; undefined: as many as come. */
  readonly mostStdoutChars?: number;
  readonly onStderrLine: (line: string) => void;
  /** Called once: when the program ended, or could not be started. All its lines were delivered before. */
  readonly onExit: (end: InheritResult) => void;
}

/** A program that runs for hours. Its input stays open until closeInput(), or until we die. */
export interface LongProcess {
  /** undefined when it could not be started. */
  readonly pid: number | undefined;
  write(text: string): void;
  closeInput(): void;
  /** Lets it live on without us: its input ends, and nobody waits for it or reads what it says. */
  leave(): void;
  kill(signal: NodeJS.Signals): void;
}

const longestLineBytes = 8 * 1024;

/** Cuts a stream into lines; a longer line is given in pieces, so that its sender cannot fill our memory. */
function intoLines(onLine: (line: string) => void): { push(text: string): void; end(): void } {
  let rest = "";
  const end = (): void => {
    if (rest !== "") onLine(rest.replace(/\r$/, ""));
    rest = "";
  };
  return {
    push: (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line.replace(/\r$/, ""));
      if (rest.length > longestLineBytes) end();
    },
    end,
  };
}

export function startLong(file: string, args: readonly string[], options: LongOptions): LongProcess {
  const lack = lackOfDescriptors();
  if (lack !== undefined) {
    tellLater(options.onExit, lack);
    return { pid: undefined, write: () => {}, closeInput: () => {}, leave: () => {}, kill: () => {} };
  }
  const child = childProcess().spawn(file, args, {
    stdio: ["pipe", options.onStdoutLine ? "pipe" : "ignore", "pipe"],
    ...(options.detached ? { detached: true } : {}),
    ...(options.env ? { env: options.env } : {}),
  });
  const streams = [
    [child.stdout, intoLines(options.onStdoutLine ?? (() => {}))],
    [child.stderr, intoLines(options.onStderrLine)],
  ] as const;
  for (const [stream, lines] of streams) {
    stream?.setEncoding("utf8").on("data", (text: string) => lines.push(text));
  }
  if (child.stdout && options.mostStdoutChars !== undefined)
    child.once("exit", readSlowly(child.stdout, options.mostStdoutChars));
  let ended = false;
  const finish = (end: InheritResult): void => {
    if (ended) return;
    ended = true;
    for (const [, lines] of streams) lines.end();
    options.onExit(end);
  };
  // It may be gone before we write: that is told by its exit.
  child.stdin?.on("error", () => {});
  child.once("error", (error: NodeJS.ErrnoException) =>
    finish({ exitCode: undefined, signal: undefined, startError: error.code ?? error.message }),
  );
  child.once("close", (code, signal) =>
    finish({ exitCode: code ?? undefined, signal: signal ?? undefined, startError: undefined }),
  );
  return {
    pid: child.pid,
    write: (text) => void child.stdin?.write(text),
    closeInput: () => void child.stdin?.end(),
    leave: () => {
      child.unref();
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
    },
    kill: (signal) => void child.kill(signal),
  };
}

export interface PipedOptions {
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Which of stdin, stdout and stderr are pipes; the others are /dev/null. */
  readonly pipes: readonly [boolean, boolean, boolean];
  /** The program ended, or could not be started. Its pipes may still hold bytes, or be held by others. */
  readonly onExit: (end: InheritResult) => void;
}

/** A program whose streams are passed on as bytes. */
export interface PipedProcess {
  readonly pid: number | undefined;
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  kill(signal: NodeJS.Signals): void;
}

export type StartPiped = typeof startPiped;

/** In ascalon's own session and group: 1Password asks for a fingerprint anew in each session. */
export function startPiped(file: string, args: readonly string[], options: PipedOptions): PipedProcess {
  const stdio = options.pipes.map((isPipe) => (isPipe ? "pipe" : "ignore"));
  const notStarted = (startError: string): PipedProcess => {
    tellLater(options.onExit, startError);
    return { pid: undefined, stdin: null, stdout: null, stderr: null, kill: () => {} };
  };
  const lack = lackOfDescriptors();
  if (lack !== undefined) return notStarted(lack);
  let child: ChildProcess;
  try {
    child = childProcess().spawn(file, args, { stdio, env: options.env, cwd: options.cwd } as SpawnOptions);
  } catch (error) {
    // Some of the system's refusals (E2BIG, ENOMEM) are thrown, the others are events.
    return notStarted((error as NodeJS.ErrnoException).code ?? String(error));
  }
  let ended = false;
  const finish = (end: InheritResult): void => {
    if (!ended) options.onExit(end);
    ended = true;
  };
  child.once("error", (error: NodeJS.ErrnoException) =>
    finish({ exitCode: undefined, signal: undefined, startError: error.code ?? error.message }),
  );
  child.once("exit", (code, signal) =>
    finish({ exitCode: code ?? undefined, signal: signal ?? undefined, startError: undefined }),
  );
  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    kill: (signal) => void child.kill(signal),
  };
}
