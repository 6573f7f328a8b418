import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { inject } from "vitest";
import { type BedUser, commandAs, environmentOf } from "../../tools/bed/user.mjs";

/** What global-setup.ts prepared. */
export interface BedDescription {
  readonly user: BedUser;
  readonly home: string;
  readonly limaHome: string;
  /** Mounted in the guest, writable, at the same path. */
  readonly projects: string;
  readonly settingsFile: string;
  readonly imageFile: string;
  readonly cli: string;
  readonly path: string;
  readonly node: string;
}

declare module "vitest" {
  interface ProvidedContext {
    bed: BedDescription;
  }
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export interface CallOptions {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Past this the program is killed and the call fails, with what it and the VM said so far. */
  readonly timeoutMs?: number;
}

export interface Running {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  stdout(): string;
  stderr(): string;
}

export const bed: BedDescription = inject("bed");

/** Starts a program as the bed's user, with the bed's HOME and LIMA_HOME and nothing of the test's environment. */
export function start(file: string, args: readonly string[], options: CallOptions = {}): Running {
  const [command, commandArgs] = commandAs(bed.user, file, args);
  const env = {
    ...environmentOf(bed.user),
    HOME: bed.home,
    LIMA_HOME: bed.limaHome,
    PATH: bed.path,
    ...options.env,
  };
  const began = performance.now();
  const child = spawn(command, commandArgs, { cwd: options.cwd ?? bed.home, env, detached: true });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on("error", () => {});
  child.stdin.end(options.input ?? "");
  const timeoutMs = options.timeoutMs ?? 900_000;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill("SIGKILL");
  }, timeoutMs);
  const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString("utf8");
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      if (isLate) {
        reject(
          new Error(
            `${[file, ...args].join(" ")}: not over after ${timeoutMs} ms\n${text(stderr)}${vmLogs()}`,
          ),
        );
        return;
      }
      resolve({ code, signal, stdout: text(stdout), stderr: text(stderr), ms: performance.now() - began });
    });
  });
  return {
    pid: child.pid ?? -1,
    ended,
    // To the whole group, as a terminal does with Ctrl-C.
    kill: (signal) => killProcess(child.pid === undefined ? undefined : -child.pid, signal),
    stdout: () => text(stdout),
    stderr: () => text(stderr),
  };
}

/** The ends of what Lima and the guest's console said, for a failure that nobody can look at later. */
function vmLogs(): string {
  const folder = `${bed.limaHome}/ascalon`;
  const names = ["ha.stderr.log", "serial.log", "serialv.log"];
  return names
    .map((name) => [name, readTail(`${folder}/${name}`)] as const)
    .filter(([, tail]) => tail !== "")
    .map(([name, tail]) => `--- ${name}\n${tail}\n`)
    .join("");
}

function readTail(path: string): string {
  try {
    return readFileSync(path, "utf8").slice(-3000);
  } catch {
    return "";
  }
}

export const run = (file: string, args: readonly string[], options?: CallOptions): Promise<Ended> =>
  start(file, args, options).ended;

export const startAscalon = (args: readonly string[], options?: CallOptions): Running =>
  start(bed.node, [bed.cli, ...args], options);

export const ascalon = (args: readonly string[], options?: CallOptions): Promise<Ended> =>
  startAscalon(args, options).ended;

/** A command in the guest, which must succeed; its stdout without the final newline. */
export async function guest(...argv: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await ascalon(["shell", "--no-cwd", "--", ...argv]);
  if (code !== 0) throw new Error(`in the guest, ${argv.join(" ")}: code ${code}\n${stderr}`);
  return stdout.replace(/\n$/, "");
}

export interface Status {
  readonly state: string;
  readonly exists: string;
  readonly ready: boolean;
  readonly guestAgent: boolean;
  readonly process: {
    readonly state: string;
    readonly hostAgentPid: number | null;
    readonly driverPid: number | null;
  };
  readonly ssh: { readonly state: string; readonly port: number | null };
  readonly cpus: number;
  readonly disks: Record<
    "root" | "home",
    { readonly sizeBytes: number; readonly allocatedBytes: number } | null
  >;
  readonly settings: { readonly pending: readonly { readonly key: string; readonly effect: string }[] };
}

export async function status(): Promise<Status> {
  const { code, stdout, stderr } = await ascalon(["status", "--json"]);
  if (code !== 0) throw new Error(`status: code ${code}\n${stderr}`);
  return JSON.parse(stdout) as Status;
}

/** `ascalon up`, which must end well; its `--json` document. */
export async function up(): Promise<{ state: string; steps: string[] }> {
  const { code, stdout, stderr } = await ascalon(["up", "--json"]);
  if (code !== 0) throw new Error(`up: code ${code}\n${stderr}`);
  return JSON.parse(stdout) as { state: string; steps: string[] };
}

/** Asks again until the answer is right; the last answer is in the error. The limit is for what never comes. */
export async function until<T>(
  ask: () => Promise<T>,
  isRight: (answer: T) => boolean,
  timeoutMs: number,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (performance.now() > end) throw new Error(`still ${JSON.stringify(answer)} after ${timeoutMs} ms`);
    await sleep(200);
  }
}

export const readSettings = (): Promise<string> => readFile(bed.settingsFile, "utf8");

export async function writeSettings(text: string): Promise<void> {
  await writeFile(bed.settingsFile, text);
}

/** Pid 0 means the test's own group, so a pid that is not known must never become it. */
export function killProcess(pid: number | null | undefined, signal: NodeJS.Signals): void {
  if (!pid) throw new Error("there is no process to kill");
  process.kill(pid, signal);
}
