import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";

interface Holder {
  readonly pid: number;
  /** Start of the process in the system's own words: tells a reused pid from the holder. */
  readonly startedAt: string;
  readonly command: string;
}

/** A takeover file older than this was left by a program that died within it. */
const takeoverStaleMs = 10_000;

/**
 * Runs `work` as the only command that changes the VM. A lock whose holder is dead, or whose pid is another
 * program's now, is taken over. Throws E_LOCKED, naming the holder.
 */
export async function withLock<T>(
  context: Context,
  stateDir: string,
  command: string,
  work: () => Promise<T>,
): Promise<T> {
  const path = `${stateDir}/lock`;
  const self = process.pid;
  await context.files.makeFolder(stateDir);
  const mine: Holder = { pid: self, startedAt: (await startOf(context, self)) ?? "", command };
  await acquire(context, path, mine);
  try {
    return await work();
  } finally {
    if ((await readHolder(context, path))?.pid === self) await context.files.remove(path);
  }
}

async function acquire(context: Context, path: string, mine: Holder): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    if (await claim(context, path, mine)) return;
    const holder = await readHolder(context, path);
    if (holder && (await isAlive(context, holder))) {
      throw new AscalonError("E_LOCKED", {
        what: `another ascalon is working: \`${holder.command}\`, pid ${holder.pid}`,
        why: "one command at a time may change the VM",
        run: `wait for it, or look at it with: ps -p ${holder.pid}`,
      });
    }
    await dropStale(context, path, holder);
    await context.clock.sleep(20, context.signal);
  }
  throw new AscalonError("E_LOCKED", { what: `the lock ${path} cannot be had`, run: `ls -l ${path}` });
}

/** Atomic and complete at once: the text is written beside it and linked into place. */
async function claim(context: Context, path: string, mine: Holder): Promise<boolean> {
  return await context.files.linkExclusive(path, `${JSON.stringify(mine)}\n`);
}

/**
 * Two programs may both find the same stale lock. Only the one that makes the takeover file removes it, and only
 * while it is still the lock both have seen.
 */
async function dropStale(context: Context, path: string, seen: Holder | undefined): Promise<void> {
  const takeover = `${path}.takeover`;
  if (!(await context.files.linkExclusive(takeover, ""))) {
    const info = await context.files.info(takeover);
    if (info && context.clock.now() - info.modifiedAt > takeoverStaleMs) await context.files.remove(takeover);
    return;
  }
  try {
    const now = await readHolder(context, path);
    if (now?.pid === seen?.pid && now?.startedAt === seen?.startedAt) await context.files.remove(path);
  } finally {
    await context.files.remove(takeover);
  }
}

async function readHolder(context: Context, path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse((await context.files.readText(path)) ?? "") as Holder;
  } catch {
    return undefined;
  }
}

async function isAlive(context: Context, holder: Holder): Promise<boolean> {
  if (!context.processes.exists(holder.pid)) return false;
  return (await startOf(context, holder.pid)) === holder.startedAt;
}

/** Field 22 of /proc/PID/stat (proc(5)), after the command name, which may itself hold spaces; else ps. */
async function startOf(context: Context, pid: number): Promise<string | undefined> {
  const stat = await context.files.readText(`/proc/${pid}/stat`);
  if (stat !== undefined) return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  const { exitCode, stdout } = await context.processes.run("/bin/ps", ["-o", "lstart=", "-p", String(pid)], {
    timeoutMs: 2000,
  });
  return exitCode === 0 ? stdout.trim() : undefined;
}
