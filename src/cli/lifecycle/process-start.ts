import type { Context } from "../context.ts";

/** When the process began, in words that no other process of this host ever has with the same pid; empty when unknown. */
export async function startOfProcess(context: Context, pid: number): Promise<string> {
  const stat = await readProc(context, `/proc/${pid}/stat`);
  if (stat !== undefined) {
    // Field 22 of proc(5), after the command name, which may itself hold spaces. It counts from the boot.
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
    const boot = (await readProc(context, "/proc/sys/kernel/random/boot_id"))?.trim() ?? "";
    return `${boot} ${ticks}`;
  }
  const { exitCode, stdout } = await context.processes.run("/bin/ps", ["-o", "lstart=", "-p", String(pid)], {
    // The words must not depend on who asks.
    env: { LC_ALL: "C", TZ: "UTC" },
    timeoutMs: 2000,
  });
  return exitCode === 0 ? stdout.trim() : "";
}

/** A process that ends while it is read gives ESRCH. */
async function readProc({ files }: Context, path: string): Promise<string | undefined> {
  try {
    return await files.readText(path);
  } catch {
    return undefined;
  }
}
