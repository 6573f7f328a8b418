import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** What the bed starts: the CLI and its agent, the ssh agent, and what they and Lima start. */
const ours = /^(?:node|MainThread|ssh|ssh-agent|limactl|qemu-system-\S*)$/;

/**
 * Ends the programs of a run that was killed before it could: they would hold the lock and the sockets of the next one,
 * and fill its folder. They are known by the bed's folder in their command line.
 */
export async function endPrograms(home: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const pids = await programsOf(home);
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid);
    await sleep(100);
  }
  throw new Error(`programs of ${home} do not end: ${(await programsOf(home)).join(", ")}`);
}

async function programsOf(home: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-ww", "-e", "-o", "pid=,stat=,comm=,args="]);
  return stdout.split("\n").flatMap((line) => {
    const [, pid, state = "", program = "", args = ""] = /^\s*(\d+)\s+(\S+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    const isOurs = ours.test(program) && args.includes(`${home}/`) && !state.startsWith("Z");
    return isOurs && Number(pid) !== process.pid ? [Number(pid)] : [];
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile, or is another user's.
  }
}
