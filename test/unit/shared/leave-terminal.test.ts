import { expect, test } from "vitest";
import { terminalsToLeave } from "../../../src/shared/leave-terminal.ts";

function closedOf(terminals: readonly number[], isInFront = true, left = terminals): string[] {
  const did: string[] = [];
  let now = terminals;
  const tools = {
    isatty: (fd: number) => now.includes(fd),
    closeSync: (fd: number) => did.push(`close ${fd}`),
    openSync: (path: string, flags: string) => did.push(`open ${path} ${flags}`),
  };
  const leave = terminalsToLeave(tools);
  now = left;
  leave(isInFront);
  return did;
}

test("with its output in a pipe, it lets go of the terminal", () => {
  expect(closedOf([0, 2])).toEqual(["close 0", "open /dev/null r+", "close 2", "open /dev/null r+"]);
  expect(closedOf([2])).toEqual(["close 2", "open /dev/null r+"]);
});

test("with its output on the terminal, and with none at all, nothing is done", () => {
  expect(closedOf([0, 1, 2])).toEqual([]);
  expect(closedOf([])).toEqual([]);
});

test("in the background it lets go of all of it", () => {
  expect(closedOf([0, 1, 2], false).filter((what) => what.startsWith("close"))).toEqual([
    "close 0",
    "close 1",
    "close 2",
  ]);
  expect(closedOf([], false)).toEqual([]);
});

test("one whose window was closed is left by a program in front too, and nothing else that is no terminal", () => {
  expect(closedOf([0, 2], true, [])).toEqual([
    "close 0",
    "open /dev/null r+",
    "close 2",
    "open /dev/null r+",
  ]);
  expect(closedOf([0, 1, 2], true, [1, 2])).toEqual(["close 0", "open /dev/null r+"]);
});
