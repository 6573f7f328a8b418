import type { PidFact } from "../../machine/facts.ts";
import type { Files } from "../files.ts";
import { type CommandPorts, commandLinesOf } from "./command-lines.ts";

export interface PidFileQuestion {
  readonly path: string;
  /** Every word must stand in the command line of the process that the file names, or it is another program. */
  readonly commandWords: readonly string[];
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
  return questions.map(({ commandWords }, index) => {
    const one = named[index];
    if (!one) return { pid: undefined, state: "absent" };
    const command = one.pid === undefined ? undefined : commands.get(one.pid);
    if (command === undefined) return { pid: one.pid, state: "stale" };
    return { pid: one.pid, state: commandWords.every((word) => command.includes(word)) ? "alive" : "reused" };
  });
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
