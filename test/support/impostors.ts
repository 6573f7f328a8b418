import { type ChildProcess, spawn } from "node:child_process";

/** Programs that sleep, under the command line of another; ended with `endAll`. */
const started: ChildProcess[] = [];

/** A process whose command line is the words given, in one piece. */
export async function impostor(commandLine: string): Promise<number> {
  const child = spawn("bash", ["-c", 'exec -a "$1" sleep 600', "bash", commandLine], { stdio: "ignore" });
  started.push(child);
  const pid = child.pid ?? -1;
  const { readFileSync } = await import("node:fs");
  // Until the exec, it is bash.
  for (let tries = 0; tries < 200; tries += 1) {
    if (readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith(commandLine)) return pid;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`no process became ${commandLine}`);
}

/** A child that ended and that its parent never asks about. */
export async function zombie(): Promise<number> {
  const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 600"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  started.push(parent);
  const pid = await new Promise<number>((resolve) =>
    parent.stdout?.once("data", (text: Buffer) => resolve(Number(text.toString()))),
  );
  const { readFileSync } = await import("node:fs");
  for (let tries = 0; tries < 200; tries += 1) {
    if (readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ")) return pid;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("no zombie came about");
}

/** A pid that nobody has any more. */
export async function deadPid(): Promise<number> {
  const child = spawn("true", { stdio: "ignore" });
  await new Promise((resolve) => child.once("close", resolve));
  return child.pid ?? -1;
}

export function endAll(): void {
  for (const child of started.splice(0)) child.kill("SIGKILL");
}
