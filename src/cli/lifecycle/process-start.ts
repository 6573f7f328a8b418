import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";

/** A Mac that swaps may take long to start a program: a second look is given more time. */
const timeoutsMs = [2_000, 8_000] as const;

/** What ps says, empty when it finds nothing; undefined where it cannot be asked. Throws when it is only too slow. */
export async function askPs(
  { processes }: Pick<Context, "processes">,
  args: readonly string[],
): Promise<string | undefined> {
  for (const timeoutMs of timeoutsMs) {
    const { exitCode, stdout, timedOut } = await processes.run("/bin/ps", args, {
      // The words must not depend on who asks.
      env: { LC_ALL: "C", TZ: "UTC" },
      timeoutMs,
    });
    if (exitCode === 0) return stdout;
    if (!timedOut) return exitCode === 1 ? "" : undefined;
  }
  throw new AscalonError("E_PS", {
    what: "/bin/ps does not report when the processes of this machine started",
    why: `it did not answer within ${timeoutsMs[1] / 1000} s`,
    run: "/bin/ps -p 1    (checks whether it works at all)",
  });
}

/**
 * When the process began, in words that no other process of this host ever has with the same pid; empty when it is gone,
 * undefined where nobody says. Throws when a busy system does not say it in time.
 */
export async function startOfProcess(context: Context, pid: number): Promise<string | undefined> {
  const stat = await readProc(context, `/proc/${pid}/stat`);
  if (stat === undefined) return (await askPs(context, ["-o", "lstart=", "-p", String(pid)]))?.trim();
  // Field 22 of proc(5), after the command name, which may itself hold spaces. It counts from the boot.
  const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  const boot = (await readProc(context, "/proc/sys/kernel/random/boot_id"))?.trim() ?? "";
  return `${boot} ${ticks}`;
}

/** A process that ends while it is read gives ESRCH. */
async function readProc({ files }: Context, path: string): Promise<string | undefined> {
  try {
    return await files.readText(path);
  } catch {
    return undefined;
  }
}
