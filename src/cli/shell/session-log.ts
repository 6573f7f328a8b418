import type { Context } from "../context.ts";
import { asDiskFullError } from "../disk-full-error.ts";

export interface SessionLog {
  /** Unique among the sessions of this host: it is looked for in the guest. */
  readonly id: string;
  readonly logFile: string;
}

const prefix = "ascalon-shell-";

/** A name for one session and the path of its log, which ssh makes with mode 0600. */
export async function openSessionLog(context: Context, stateDir: string): Promise<SessionLog> {
  const folder = await logFolder(context, stateDir);
  const id = `${prefix}${process.pid}-${context.clock.now().toString(36)}`;
  return { id, logFile: `${folder}/${id}.log` };
}

/** On a full disk there is room for another file where there is none for another folder. */
async function logFolder({ files }: Context, stateDir: string): Promise<string> {
  const folder = `${stateDir}/shell`;
  try {
    await files.makeFolder(folder);
    return folder;
  } catch (error) {
    if (!asDiskFullError(error)) throw error;
    return stateDir;
  }
}

const longestBytes = 1024 ** 2;
const lookMs = 5_000;

/**
 * What the guest's sshd asks for and does not get is an error of which ssh writes a line, as often as it likes. Returns how
 * to end.
 */
export function keepSessionLogShort({ files }: Pick<Context, "files">, logFile: string): () => void {
  const look = async (): Promise<void> => {
    // ssh appends to it.
    if (((await files.info(logFile))?.sizeBytes ?? 0) > longestBytes) await files.empty(logFile);
  };
  const timer = setInterval(() => void look().catch(() => {}), lookMs).unref();
  return () => clearInterval(timer);
}

/** Removes the log, and those of sessions whose ascalon was killed. */
export async function closeSessionLog(context: Context, logFile: string): Promise<void> {
  await context.files.remove(logFile);
  const folder = logFile.slice(0, logFile.lastIndexOf("/"));
  for (const name of (await context.files.list(folder)) ?? []) {
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (name.startsWith(prefix) && !context.processes.exists(pid))
      await context.files.remove(`${folder}/${name}`);
  }
}
