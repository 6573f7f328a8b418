import { AscalonError } from "../../errors.ts";
import type { Clock } from "../clock.ts";
import type { Files } from "../files.ts";
import type { Processes } from "../process.ts";

export interface CommandPorts {
  readonly files: Files;
  readonly processes: Processes;
  readonly clock: Pick<Clock, "monotonic">;
}

/** A process as a pid file names it: the same number in a file of another time is another process. */
export interface NamedProcess {
  readonly pid: number;
  readonly writtenAt: number;
}

/**
 * The command lines of processes: from /proc where there is one, else from ps (macOS), one ps for all. A zombie has none,
 * and one that is gone neither. Throws when ps does not say: that is no sign that a process is gone.
 */
export async function commandLinesOf(
  named: readonly NamedProcess[],
  ports: CommandPorts,
  anew: boolean,
): Promise<ReadonlyMap<number, string>> {
  const fromProc = await Promise.all(
    named.map(async (one) => {
      // A process that ends while it is read gives ESRCH.
      const text = await ports.files.readText(`/proc/${one.pid}/cmdline`).catch(() => undefined);
      return { one, text };
    }),
  );
  const known = new Map(
    fromProc.flatMap(({ one, text }) => (text ? [[one.pid, text.replaceAll("\0", " ")] as const] : [])),
  );
  const others = fromProc.flatMap(({ one, text }) => (text === undefined ? [one] : []));
  if (others.length === 0 || (await ports.files.info("/proc/self")) !== undefined) return known;
  return new Map([...known, ...(await fromPs(others, ports, anew))]);
}

/** The agent looks every two seconds: a process that is there is what it was. */
const keptMs = 30_000;
const seenBy = new WeakMap<Processes, Map<string, { readonly command: string; readonly atMs: number }>>();

async function fromPs(
  named: readonly NamedProcess[],
  { processes, clock }: CommandPorts,
  anew: boolean,
): Promise<ReadonlyMap<number, string>> {
  const seen = seenBy.get(processes) ?? new Map<string, { command: string; atMs: number }>();
  seenBy.set(processes, seen);
  const key = ({ pid, writtenAt }: NamedProcess): string => `${pid} ${writtenAt}`;
  const now = clock.monotonic();
  for (const [name, { atMs }] of seen) if (anew || now - atMs >= keptMs) seen.delete(name);
  if (named.some((one) => !seen.has(key(one)))) {
    const found = await askPs([...new Set(named.map(({ pid }) => pid))], processes);
    for (const one of named) {
      const command = found.get(one.pid);
      if (command === undefined) seen.delete(key(one));
      else seen.set(key(one), { command, atMs: now });
    }
  }
  return new Map(
    named.flatMap((one) => {
      const known = seen.get(key(one));
      return known ? [[one.pid, known.command] as const] : [];
    }),
  );
}

/** A Mac that swaps may take long to start a program: a second look is given more time. */
const timeoutsMs = [2_000, 8_000] as const;

async function askPs(pids: readonly number[], processes: Processes): Promise<ReadonlyMap<number, string>> {
  let why = "";
  for (const timeoutMs of timeoutsMs) {
    // -ww: without a terminal macOS cuts the line after 79 characters.
    const args = ["-ww", "-o", "pid=,command=", "-p", pids.join(",")];
    const { exitCode, stdout, startError, timedOut } = await processes.run("/bin/ps", args, {
      // Without a language, as below launchd, ps may write the bytes of an é in numbers.
      env: { LC_ALL: "en_US.UTF-8" },
      timeoutMs,
    });
    // 1: none of them is there any more.
    if (exitCode === 0 || exitCode === 1) return readPs(stdout);
    why = timedOut
      ? `it did not answer within ${timeoutMs / 1_000} s`
      : (startError ?? `it exited with ${exitCode}`);
  }
  throw new AscalonError("E_PS", {
    what: "/bin/ps does not report which of the VM's processes are running",
    why,
    run: "/bin/ps -p 1    (checks whether it works at all)",
  });
}

const readPs = (stdout: string): ReadonlyMap<number, string> =>
  new Map(
    stdout.split("\n").flatMap((line) => {
      const [, pid, command] = /^\s*(\d+)\s+(.+)$/.exec(line) ?? [];
      return pid && command ? [[Number(pid), command] as const] : [];
    }),
  );
