import type { Context } from "../context.ts";
import type { Mount, Settings } from "../settings/settings.ts";
import { readSshTarget, type SshTarget } from "../ssh/target.ts";

export interface Guest {
  readonly target: SshTarget;
  /** What the running VM was made with; ascalon.yaml may have changed since. */
  readonly mounts: readonly Mount[];
}

/**
 * The guest, by four small files of Lima's folder and without a question to anybody; undefined unless everything
 * speaks for a VM that runs. Lima removes the pid files at stop and leaves ssh.config, whose port may belong to
 * another VM by then, and that one would even accept the key.
 */
export async function findGuest(context: Context, instanceDir: string): Promise<Guest | undefined> {
  const [target, mounts, ...alive] = await Promise.all([
    readSshTarget(context, instanceDir),
    readAppliedMounts(context, `${instanceDir}/ascalon-applied.yaml`),
    // A VM outlives its host agent, and ssh to it goes on working.
    ...["ha.pid", "vz.pid", "qemu.pid"].map((name) => isAlive(context, `${instanceDir}/${name}`)),
  ]);
  return target && mounts && alive.includes(true) ? { target, mounts } : undefined;
}

async function isAlive(context: Context, pidFile: string): Promise<boolean> {
  const pid = Number.parseInt((await context.files.readText(pidFile)) ?? "", 10);
  return pid > 0 && context.processes.owns(pid);
}

/** Absent in an instance that ascalon did not make. */
async function readAppliedMounts(context: Context, path: string): Promise<readonly Mount[] | undefined> {
  try {
    const settings = JSON.parse((await context.files.readText(path)) ?? "null") as Settings | null;
    return settings?.mounts;
  } catch {
    return undefined;
  }
}
