import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { inject } from "vitest";

/** The CLI as people get it (build-programs.ts). */
export const builtCli = (): string => `${inject("runFolder")}/ascalon.mjs`;

export interface CliCall {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string | Buffer;
}

/** Runs the built CLI to its end. */
export function runCli(cli: string, args: readonly string[], call: CliCall): SpawnSyncReturns<Buffer> {
  return spawnSync(process.execPath, [cli, ...args], {
    ...call,
    maxBuffer: 256 * 1024 * 1024,
    timeout: 60_000,
    ...(call.input === undefined ? { stdio: ["ignore", "pipe", "pipe"] } : {}),
  });
}

export interface CliRun {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Resolves once stdout holds the text. */
  until(text: string): Promise<void>;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; out: string; err: string }>;
}

/** Starts the built CLI, for what happens while it runs. */
export function startCli(cli: string, args: readonly string[], call: CliCall): CliRun {
  const child = spawn(process.execPath, [cli, ...args], { ...call, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  return {
    pid: child.pid ?? -1,
    kill: (signal) => child.kill(signal),
    until: async (text) => {
      for (let tries = 0; tries < 400 && !out.includes(text); tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      if (!out.includes(text)) throw new Error(`no "${text}" in: ${out}\n${err}`);
    },
    ended: new Promise((resolve) => {
      child.once("close", (code, signal) => resolve({ code, signal, out, err }));
    }),
  };
}
