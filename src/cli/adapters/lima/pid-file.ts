import type { PidFact } from "../../machine/facts.ts";
import type { Files } from "../files.ts";
import type { Processes } from "../process.ts";

export interface PidFileQuestion {
  readonly path: string;
  /** Every word must stand in the command line of the process that the file names, or it is another program. */
  readonly commandWords: readonly string[];
}

/**
 * A pid file and whether the process it names is the one meant. After a crash or power loss the number may belong
 * to any other program; Lima takes that for a half-dead instance (lima#5075, #5087).
 */
export async function readPidFile(
  question: PidFileQuestion,
  ports: { readonly files: Files; readonly processes: Processes },
): Promise<PidFact> {
  const text = await ports.files.readText(question.path);
  if (text === undefined) return { pid: undefined, state: "absent" };
  const pid = Number.parseInt(text.trim(), 10);
  if (!Number.isSafeInteger(pid) || pid <= 0) return { pid: undefined, state: "stale" };
  if (!ports.processes.exists(pid)) return { pid, state: "stale" };
  const command = await commandLineOf(pid, ports);
  if (command === undefined) return { pid, state: "stale" };
  const meant = question.commandWords.every((word) => command.includes(word));
  return { pid, state: meant ? "alive" : "reused" };
}

/** The command line of a process: from /proc where there is one, else from ps (macOS). A zombie has none. */
async function commandLineOf(
  pid: number,
  { files, processes }: { readonly files: Files; readonly processes: Processes },
): Promise<string | undefined> {
  // A process that ends while it is read gives ESRCH.
  const fromProc = await files.readText(`/proc/${pid}/cmdline`).catch(() => undefined);
  if (fromProc !== undefined) return fromProc === "" ? undefined : fromProc.replaceAll("\0", " ");
  if ((await files.info("/proc/self")) !== undefined) return undefined;
  // -ww: without a terminal macOS cuts the line after 79 characters.
  const { exitCode, stdout } = await processes.run("/bin/ps", ["-ww", "-o", "command=", "-p", String(pid)], {
    timeoutMs: 2000,
  });
  return exitCode === 0 && stdout.trim() !== "" ? stdout : undefined;
}
