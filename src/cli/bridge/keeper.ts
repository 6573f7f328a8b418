import type { PipedProcess, StartPiped } from "../adapters/process.ts";

/**
 * Ends programs when the agent died without a word: it is told of each by a line, `+PID` and `-PID`, and its input ends
 * with the agent. A program behind pipes would notice only if it read from them.
 */
const script = String.raw`
my %pid; $SIG{$_} = 'IGNORE' for qw(INT TERM HUP);
while (<STDIN>) { $pid{$1} = 1 if /^\+(\d+)$/; delete $pid{$1} if /^-(\d+)$/ }
exit unless %pid;
kill 'TERM', keys %pid; kill 'CONT', keys %pid; sleep 1; kill 'KILL', keys %pid;
`;

export interface Keeper {
  /** As the one it was made of, for programs that end with the agent. Without Perl they are not kept. */
  start(perl: string | undefined): StartPiped;
  close(): void;
}

/** One process for all programs, from the first of them on. */
export function createKeeper(start: StartPiped, env: Readonly<Record<string, string>>): Keeper {
  const pids = new Set<number>();
  let child: PipedProcess | undefined;
  const open = (perl: string): void => {
    const mine = start(perl, ["-e", script], {
      env,
      cwd: "/",
      pipes: [true, false, false],
      onExit: () => {
        if (child === mine) child = undefined;
      },
    });
    mine.stdin?.on("error", () => {});
    child = mine;
    for (const pid of pids) mine.stdin?.write(`+${pid}\n`);
  };
  const forget = (pid: number | undefined): void => {
    if (pid === undefined || !pids.delete(pid)) return;
    if (child?.stdin?.writable) child.stdin.write(`-${pid}\n`);
  };
  return {
    start: (perl) => (file, args, options) => {
      const program = start(file, args, {
        ...options,
        onExit: (end) => {
          forget(program.pid);
          options.onExit(end);
        },
      });
      if (perl === undefined || program.pid === undefined) return program;
      pids.add(program.pid);
      if (child?.stdin?.writable) child.stdin.write(`+${program.pid}\n`);
      else open(perl);
      return program;
    },
    close: () => {
      child?.stdin?.end();
      child = undefined;
    },
  };
}
