import type { Context } from "../context.ts";
import { observeMaster } from "../ssh/master.ts";
import { argsViaMaster, type SshTarget } from "../ssh/target.ts";
import { masterPidOf } from "./ssh-log.ts";

/** A master that runs obeys within milliseconds. */
const obeysWithinMs = 3000;
const lookMs = 50;
const mostLooks = 40;

/**
 * Ends a master whose connection is dead, as `limactl shell --reconnect` does; the next call makes a new one. It has to
 * go: it holds our stdout, which the call that was given up had passed to it, and a pipe would never end; and what it was
 * asked for would begin a second time when it goes on. One that does not obey is stopped itself, and is killed. False when
 * it is still there. `log`: of the call that was given up.
 */
export async function dismissMaster(context: Context, target: SshTarget, log: string): Promise<boolean> {
  if (await obeys(context, target)) return true;
  const pid = masterPidOf(log);
  // ssh asks for it before all else: without the answer nothing was asked for and nothing passed on.
  if (pid === undefined) return true;
  end(context.processes, pid);
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const state = await observeMaster(context, target.controlPath);
    if (state === "absent" || state === "refused") return true;
    await context.clock.sleep(lookMs, context.signal);
  }
  return false;
}

/** Also true of one that is gone: ssh then says so at once. */
async function obeys({ clock, processes }: Context, target: SshTarget): Promise<boolean> {
  const args = argsViaMaster(target, { options: ["-o", "LogLevel=QUIET", "-O", "exit"] });
  const over = new AbortController();
  let pid: number | undefined;
  const asking = processes.inherit("ssh", args, {
    stdin: "ignore",
    detached: true,
    onStart: (started) => {
      pid = started;
    },
  });
  const late = clock.sleep(obeysWithinMs, over.signal).then(
    () => "late" as const,
    () => "late" as const,
  );
  const first = await Promise.race([asking, late]).finally(() => over.abort());
  if (first !== "late") return true;
  end(processes, pid);
  return false;
}

function end(processes: Context["processes"], pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    processes.kill(pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}
