import type { Context } from "../context.ts";

/** Lima's pid files of one start: its host agent, and the process that is the VM. */
const pidFiles = ["ha.pid", "vz.pid", "qemu.pid"] as const;

/**
 * Whether one of the processes of this start lives. Lima leaves ssh.config when the VM stops, and its port may be another
 * VM's by then, which would even accept the key. After a crash the pid may be any program's: another user's never counts.
 */
export async function vmLives(
  {
    files,
    processes,
  }: { readonly files: Context["files"]; readonly processes: Pick<Context["processes"], "owns"> },
  instanceDir: string,
): Promise<boolean> {
  for (const name of pidFiles) {
    const pid = Number((await files.readText(`${instanceDir}/${name}`))?.trim());
    if (pid > 0 && processes.owns(pid)) return true;
  }
  return false;
}
