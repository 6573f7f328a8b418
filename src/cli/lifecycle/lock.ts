import type { Context } from "../context.ts";
import { asDiskFullError } from "../disk-full-error.ts";
import { AscalonError } from "../errors.ts";
import { quote } from "../quote.ts";
import { startOfProcess } from "./process-start.ts";

interface Holder {
  readonly pid: number;
  /** Start of the process in the system's own words: tells a reused pid from the holder. Empty: it was not said. */
  readonly startedAt: string;
  readonly command: string;
  /** Set when the work ended. */
  readonly released?: true;
}

/** What whoever comes second is told, beside who works. */
export interface LockRefusal {
  readonly why: string;
  readonly run: (pid: number) => string;
}

export interface LockOptions {
  readonly refusal?: LockRefusal;
  /**
   * For work that has to be done on a full disk too, such as what makes room on it: called when nobody holds the lock and it
   * cannot be written, and then the work is done without. Whatever needs the lock is refused for as long.
   */
  readonly whenDiskIsFull?: () => void;
}

const whileChanging: LockRefusal = {
  why: "one command at a time may change the VM",
  run: (pid) => `wait for it, or look at it with: ps -p ${pid}`,
};

/** No turn has more digits: a name with more is not of ours, and no number that one can be added to. */
const isTurn = (name: string): boolean => /^\d{1,10}$/.test(name);

/** A turn that somebody may still be looking at is kept this long. */
const keptMs = 3_600_000;

/**
 * Runs `work` as the only command that changes the VM. Throws E_LOCKED, naming the holder.
 *
 * A lock is a numbered turn, a file that is made once and never replaced by another's. The newest turn is the lock;
 * whoever finds its holder done or dead makes the next one, and the file system lets only one succeed. So a dead
 * holder's lock needs no removal, and there is no moment in which two could both remove it, or one the other's. The
 * newest turn is never removed: someone who comes late and makes an old turn again sees the newer one and steps back.
 */
export async function withLock<T>(
  context: Context,
  stateDir: string,
  command: string,
  work: () => Promise<T>,
  { refusal = whileChanging, whenDiskIsFull }: LockOptions = {},
): Promise<T> {
  const folder = `${stateDir}/lock.d`;
  const pid = process.pid;
  const mine: Holder = { pid, startedAt: (await knownStart(context, pid)) ?? "", command };
  const take = async (): Promise<string> => {
    await context.files.makeFolder(stateDir);
    await context.files.makeFolder(folder);
    return await takeTurn(context, folder, mine, refusal);
  };
  const path = await take().catch((error: unknown) => {
    if (!whenDiskIsFull || !asDiskFullError(error)) throw error;
    whenDiskIsFull();
    return undefined;
  });
  const done = context.finishFirst();
  try {
    return await work();
  } finally {
    if (path !== undefined) await release(context, path, mine);
    done();
  }
}

async function takeTurn(
  context: Context,
  folder: string,
  mine: Holder,
  refusal: LockRefusal,
): Promise<string> {
  const text = `${JSON.stringify(mine)}\n`;
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const last = await newestTurn(context, folder);
    if (last === 0 || (await isOver(context, `${folder}/${last}`, refusal))) {
      const path = `${folder}/${last + 1}`;
      // Atomic and complete at once: the text is written beside it and linked into place.
      if (await context.files.linkExclusive(path, text)) {
        if ((await newestTurn(context, folder)) === last + 1) {
          await removeOld(context, folder, last);
          return path;
        }
        await context.files.remove(path);
      }
    }
    await context.clock.sleep(20, context.signal);
  }
  throw new AscalonError("E_LOCKED", {
    what: `cannot get the lock in ${folder}, although nothing seems to hold it`,
    why: "others keep taking it, or something in that folder that is not a lock is in the way",
    run: `ls -la ${quote(folder)}    (then try again)`,
  });
}

/** Who has the lock at this moment; undefined when nobody has. */
export async function lockHolder(
  context: Context,
  stateDir: string,
): Promise<{ readonly pid: number; readonly command: string } | undefined> {
  const folder = `${stateDir}/lock.d`;
  const last = await newestTurn(context, folder);
  const text = last === 0 ? undefined : await context.files.readText(`${folder}/${last}`);
  return text === undefined ? undefined : await workingHolder(context, text);
}

/** The agent's lock is not that of commands that change the VM: those run beside it. */
export const agentLockFolder = (stateDir: string): string => `${stateDir}/agent`;

/** Whether the turn's holder is done or dead; throws E_LOCKED when it works. */
async function isOver(context: Context, path: string, { why, run }: LockRefusal): Promise<boolean> {
  const text = await context.files.readText(path);
  // Removed under our eyes: there is a newer turn.
  if (text === undefined) return false;
  const holder = await workingHolder(context, text);
  if (!holder) return true;
  throw new AscalonError("E_LOCKED", {
    what: `another ascalon is working: \`${holder.command}\`, pid ${holder.pid}`,
    why,
    run: run(holder.pid),
  });
}

async function workingHolder(context: Context, text: string): Promise<Holder | undefined> {
  const holder = parseHolder(text);
  // A file cut by a power loss: its maker did not survive that either.
  if (!holder || holder.released) return undefined;
  if (!context.processes.exists(holder.pid)) return undefined;
  const startedAt = await knownStart(context, holder.pid);
  if (startedAt === "") return undefined;
  // Of a process of that pid nothing more is known: it is the holder rather than that two work at a time.
  const isKnown = startedAt !== undefined && holder.startedAt !== "";
  return isKnown && startedAt !== holder.startedAt ? undefined : holder;
}

/** undefined: the system is too busy to say it, or never does. */
const knownStart = (context: Context, pid: number): Promise<string | undefined> =>
  startOfProcess(context, pid).catch(() => undefined);

async function release(context: Context, path: string, mine: Holder): Promise<void> {
  try {
    await context.files.writeAtomic(path, `${JSON.stringify({ ...mine, released: true })}\n`);
  } catch {
    // A full disk, say. Our death, which follows, releases it too.
  }
}

async function newestTurn({ files }: Context, folder: string): Promise<number> {
  const turns = ((await files.list(folder)) ?? []).filter(isTurn).map(Number);
  return Math.max(0, ...turns);
}

/** Turns long over, and the halves of files whose makers were killed. */
async function removeOld({ files, clock }: Context, folder: string, before: number): Promise<void> {
  for (const name of (await files.list(folder)) ?? []) {
    if (isTurn(name) && Number(name) >= before) continue;
    const info = await files.info(`${folder}/${name}`);
    if (info && clock.now() - info.modifiedAt > keptMs) await files.remove(`${folder}/${name}`);
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Holder | null;
    return typeof value?.pid === "number" ? value : undefined;
  } catch {
    return undefined;
  }
}
