import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** Programs that sleep, under the command line of another; ended with `endAll`. */
const started: ChildProcess[] = [];

/** A process whose command line is the words given, in one piece. */
export async function impostor(commandLine: string): Promise<number> {
  const child = spawn("bash", ["-c", 'exec -a "$1" sleep 600', "bash", commandLine], { stdio: "ignore" });
  started.push(child);
  const pid = child.pid ?? -1;
  // Until the exec, it is bash.
  await until(() => readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith(commandLine));
  return pid;
}

/** A child that ended and that its parent never asks about. */
export async function zombie(): Promise<number> {
  // It ends with its input. Ending sooner, it might still meet the shell, which does ask.
  const parent = spawn("sh", ["-c", "exec 3<&0; cat <&3 & echo $!; exec sleep 600"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  started.push(parent);
  const pid = await new Promise<number>((resolve) =>
    parent.stdout?.once("data", (text: Buffer) => resolve(Number(text.toString()))),
  );
  await until(() => readFileSync(`/proc/${parent.pid}/cmdline`, "utf8").startsWith("sleep"));
  parent.stdin?.end();
  await until(() => readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z "));
  return pid;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`never: ${isSo}`);
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
