import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { createMask } from "./mask.ts";
import { descriptorOutput } from "./outputs.ts";

export interface ProgramEnd {
  readonly code?: number | undefined;
  readonly signal?: string | undefined;
  /** ENOENT, EACCES, …: it could not be started. */
  readonly startError?: string | undefined;
  /** A clause: of what it wrote to stdout something is lost, which it does not know. */
  readonly unwritten?: string | undefined;
}

const passed = ["SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

/** Whether there is a terminal that we run on, whatever stdin is: `x | op run -- PROGRAM` has one. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}

/** What is told of an error that may have a secret in its words: its code. */
const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? "unknown";

function start(argv: readonly string[], options: SpawnOptions): ChildProcess | string {
  const [file = "", ...args] = argv;
  try {
    return spawn(file, args, options);
  } catch (error) {
    // Node quotes the value that it does not like.
    return codeOf(error);
  }
}

/** Runs a program of the guest with the secrets in its environment, and keeps them out of its output. */
export function runWithSecrets(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  secrets: readonly string[] | undefined,
): Promise<ProgramEnd> {
  const through = secrets ? ("pipe" as const) : ("inherit" as const);
  let child: ChildProcess | string | undefined;
  // Ctrl-C reaches the program by the terminal; without one only we can pass it on.
  const names = hasTerminal() ? passed : ([...passed, "SIGINT"] as const);
  const handlers = [
    ...names.map((name) => [name, () => void (typeof child === "object" && child.kill(name))] as const),
    ["SIGINT", () => {}] as const,
  ];
  // Before the program is there: a signal between its start and this would end us alone, and leave it behind.
  for (const [name, handle] of handlers) process.on(name, handle);
  const letGo = (): void => {
    for (const [name, handle] of handlers) process.removeListener(name, handle);
  };
  child = start(argv, { env, stdio: ["inherit", through, through] });
  if (typeof child === "string") {
    letGo();
    return Promise.resolve({ startError: child });
  }
  const program = child;
  const outputs = [
    [program.stdout, 1],
    [program.stderr, 2],
  ] as const;
  const sinks = outputs.map(([pipe, fd]) => {
    if (!pipe) return undefined;
    const sink = descriptorOutput(fd, () => pipe.destroy());
    const mask = createMask(secrets ?? []);
    const pass = (bytes: Buffer): void => {
      if (bytes.length === 0) return;
      pipe.pause();
      sink.write(bytes, () => pipe.resume());
    };
    pipe.on("data", (bytes: Buffer) => pass(mask.push(bytes)));
    pipe.once("end", () => pass(mask.end()));
    return sink;
  });
  return new Promise((resolve) => {
    program.once("error", (error) => resolve({ startError: codeOf(error) }));
    program.once("close", (code, signal) => {
      letGo();
      void Promise.all(sinks.map((sink) => sink?.settled())).then(() =>
        resolve({
          code: code ?? undefined,
          signal: signal ?? undefined,
          unwritten: sinks[0]?.failure(),
        }),
      );
    });
  });
}
