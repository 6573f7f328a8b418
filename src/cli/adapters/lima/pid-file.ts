import { posix } from "node:path";
import type { PidFact } from "../../machine/facts.ts";
import type { Files } from "../files.ts";
import { type CommandPorts, commandLinesOf } from "./command-lines.ts";

export interface PidFileQuestion {
  readonly path: string;
  /** Every word must stand in the command line of the process that the file names, or it is another program. */
  readonly commandWords: readonly string[];
  /** The same for the path of this file, which the process may spell in another way. */
  readonly commandFile?: string;
}

/**
 * Pid files and whether the processes they name are the ones meant. After a crash or power loss a number may belong to
 * any other program; Lima takes that for a half-dead instance (lima#5075, #5087). `anew`: what was seen a moment ago does
 * not count, because something is ended by the answer.
 */
export async function readPidFiles(
  questions: readonly PidFileQuestion[],
  ports: CommandPorts,
  { anew = false }: { readonly anew?: boolean } = {},
): Promise<readonly PidFact[]> {
  const named = await Promise.all(questions.map(({ path }) => readNumber(path, ports.files)));
  const living = named.flatMap((one) => (one?.pid && ports.processes.exists(one.pid) ? [one] : []));
  const commands = await commandLinesOf(
    living.map(({ pid, writtenAt }) => ({ pid: pid ?? 0, writtenAt })),
    ports,
    anew,
  );
  const factOf = async (question: PidFileQuestion, one: Named | undefined): Promise<PidFact> => {
    if (!one) return { pid: undefined, state: "absent" };
    const command = one.pid === undefined ? undefined : commands.get(one.pid);
    if (command === undefined) return { pid: one.pid, state: "stale" };
    // What a process is called is its own choice, and another user's may have it to be taken for the VM's.
    const isOurs = one.pid !== undefined && ports.processes.owns(one.pid);
    return {
      pid: one.pid,
      state: isOurs && (await isMeant(command, question, ports.files)) ? "alive" : "reused",
    };
  };
  return await Promise.all(questions.map((question, index) => factOf(question, named[index])));
}

async function isMeant(
  command: string,
  { commandWords, commandFile }: PidFileQuestion,
  files: Files,
): Promise<boolean> {
  if (!commandWords.every((word) => command.includes(word))) return false;
  if (commandFile === undefined || command.includes(commandFile)) return true;
  const { dir, base } = posix.parse(commandFile);
  const at = command.indexOf(`/${base}`);
  // Arguments are told apart by nothing but a blank, and a folder's name may have one: whatever may begin the path.
  const begins = [...command.slice(0, at).matchAll(/(?<=^|[ =])\//g)].map(({ index }) => index);
  for (const begin of begins) if (await isSameFolder(command.slice(begin, at), dir, files)) return true;
  return false;
}

/** A symlink on the way, and on a Mac a letter in another case, make another path of the same folder. */
async function isSameFolder(one: string, other: string, files: Files): Promise<boolean> {
  const [a, b] = await Promise.all([files.realPath(one), files.realPath(other)]);
  if (a === undefined || b === undefined) return false;
  if (a === b) return true;
  const [infoOfA, infoOfB] = await Promise.all([files.info(a), files.info(b)]);
  return infoOfA !== undefined && infoOfA.id === infoOfB?.id;
}

export async function readPidFile(question: PidFileQuestion, ports: CommandPorts): Promise<PidFact> {
  const [fact = { pid: undefined, state: "absent" }] = await readPidFiles([question], ports);
  return fact;
}

interface Named {
  readonly pid: number | undefined;
  readonly writtenAt: number;
}

async function readNumber(path: string, files: Files): Promise<Named | undefined> {
  const text = await files.readText(path);
  if (text === undefined) return undefined;
  const pid = Number.parseInt(text.trim(), 10);
  if (!Number.isSafeInteger(pid) || pid <= 0) return { pid: undefined, writtenAt: 0 };
  return { pid, writtenAt: (await files.info(path))?.modifiedAt ?? 0 };
}
