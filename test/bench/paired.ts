import { spawnSync } from "node:child_process";

/** One command line, run as the bed's user. */
export interface Command {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Pair {
  readonly what: string;
  readonly ours: Command;
  readonly theirs: Command;
  /** Ours may take this many times theirs. Printed beside the figure, never asserted: a busy machine proves nothing. */
  readonly goal: number;
  readonly runs: number;
}

export interface Row {
  readonly what: string;
  readonly oursMs: number;
  readonly theirsMs: number;
  readonly ratio: number;
  readonly goal: number;
}

/**
 * Both commands in turn, so that whatever else the machine does falls on both. Medians; the ratio is the median of the
 * paired ratios.
 */
export function measure(pair: Pair): Row {
  time(pair.ours);
  time(pair.theirs);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let index = 0; index < pair.runs; index += 1) {
    const [first, second] =
      index % 2 === 0 ? ([pair.ours, pair.theirs] as const) : ([pair.theirs, pair.ours] as const);
    const [a, b] = [time(first), time(second)];
    ours.push(first === pair.ours ? a : b);
    theirs.push(first === pair.ours ? b : a);
  }
  const ratios = ours.map((value, index) => value / (theirs[index] ?? Number.NaN));
  return {
    what: pair.what,
    oursMs: median(ours),
    theirsMs: median(theirs),
    ratio: median(ratios),
    goal: pair.goal,
  };
}

function time(command: Command): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(command.file, command.args, {
    env: command.env,
    encoding: "utf8",
    cwd: "/",
  });
  const took = performance.now() - began;
  if (status !== 0) throw new Error(`${command.name}: code ${status}\n${stderr}`);
  return took;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

export function table(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ what, oursMs, theirsMs, ratio, goal }) =>
      `| ${what} | ${oursMs.toFixed(1)} | ${theirsMs.toFixed(1)} | ${ratio.toFixed(2)} | ${Number.isNaN(goal) ? "–" : goal} | ${Number.isNaN(goal) ? "–" : ratio <= goal ? "yes" : "no"} |`,
  );
  return ["| what | ours, ms | theirs, ms | ratio | goal | met |", "|--|--|--|--|--|--|", ...lines].join(
    "\n",
  );
}
