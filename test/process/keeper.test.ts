import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { startPiped } from "../../src/cli/adapters/process.ts";
import { createKeeper } from "../../src/cli/bridge/keeper.ts";
import { until } from "./bridge-bed.ts";

const perl = "/usr/bin/perl";
const sleepers: ChildProcess[] = [];
afterEach(() => {
  for (const sleeper of sleepers.splice(0)) sleeper.kill("SIGKILL");
});

/** A keeper whose programs are processes of the test's, which end for it when the test says so. */
function keeping() {
  const keepers: (() => void)[] = [];
  const ended = { keepers: 0 };
  const ends: (() => void)[] = [];
  const start: typeof startPiped = (file, args, options) => {
    if (file === perl) {
      const onExit: typeof options.onExit = (end) => {
        options.onExit(end);
        ended.keepers += 1;
      };
      const keeper = startPiped(file, args, { ...options, onExit });
      keepers.push(() => keeper.kill("SIGKILL"));
      return keeper;
    }
    const sleeper = spawn("sleep", ["60"], { stdio: "ignore" });
    sleepers.push(sleeper);
    ends.push(() => options.onExit({ exitCode: 0, signal: undefined, startError: undefined }));
    return { pid: sleeper.pid, stdin: null, stdout: null, stderr: null, kill: () => {} };
  };
  const keeper = createKeeper(start, { PATH: "/usr/bin:/bin" });
  const run = (): void =>
    void keeper.start(perl)("/x", [], { env: {}, cwd: "/", pipes: [false, false, false], onExit: () => {} });
  return { keeper, run, keepers, ends, ended };
}

const lives = (index: number): boolean =>
  sleepers[index]?.exitCode === null && sleepers[index]?.signalCode === null;

test("a number that a program had is nobody's when the agent is gone: it may be another's by now", async () => {
  const { keeper, run, ends } = keeping();
  run();
  run();
  ends[0]?.();
  await wait(100);
  keeper.close();
  await until(() => !lives(1));
  await wait(1_500);
  expect(lives(0)).toBe(true);
});

test("one that ended is followed by another that knows all programs", async () => {
  const { keeper, run, keepers, ended } = keeping();
  run();
  await wait(100);
  keepers[0]?.();
  await until(() => ended.keepers === 1);
  run();
  expect(keepers).toHaveLength(2);
  keeper.close();
  await until(() => !lives(0) && !lives(1));
});
