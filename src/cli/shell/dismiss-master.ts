import type { Context } from "../context.ts";
import { askPs } from "../lifecycle/process-start.ts";
import { observeMaster } from "../ssh/master.ts";
import { argsViaMaster, type SshTarget } from "../ssh/target.ts";

/** A master that runs obeys within milliseconds. */
const obeysWithinMs = 3000;
const lookMs = 50;
const mostLooks = 40;

/**
 * Ends a master whose connection is dead, as `limactl shell --reconnect` does; the next call makes a new one. It has to
 * go: it holds our stdout, which the call that was given up had passed to it, and a pipe would never end; and what it was
 * asked for would begin a second time when it goes on. One that does not obey is stopped itself, and is killed. False when
 * it is still there.
 */
export async function dismissMaster(context: Context, target: SshTarget): Promise<boolean> {
  if (await obeys(context, target)) return true;
  for (const pid of await mastersAt(context, target.controlPath)) {
    try {
      context.processes.kill(pid, "SIGKILL");
    } catch {
      // It has just ended.
    }
  }
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
  try {
    if ((await Promise.race([asking, late])) !== "late") return true;
    if (pid !== undefined) processes.kill(pid, "SIGKILL");
    await asking;
    return false;
  } catch {
    // It ended just then.
    return true;
  } finally {
    over.abort();
  }
}

/** A master in the background calls itself `ssh: SOCKET [mux]` (OpenSSH's ssh.c). */
async function mastersAt(context: Context, controlPath: string): Promise<readonly number[]> {
  const listed = await askPs(context, ["-x", "-ww", "-o", "pid=", "-o", "args="]).catch(() => undefined);
  return (listed ?? "").split("\n").flatMap((line) => {
    const [, pid, args] = /^\s*(\d+)\s+(.*?)\s*$/.exec(line) ?? [];
    return args === `ssh: ${controlPath} [mux]` ? [Number(pid)] : [];
  });
}
