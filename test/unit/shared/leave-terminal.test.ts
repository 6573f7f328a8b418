import { expect, test } from "vitest";
import { leaveTerminal } from "../../../src/shared/leave-terminal.ts";

function closedOf(terminals: readonly number[]): string[] {
  const did: string[] = [];
  leaveTerminal({
    isatty: (fd) => terminals.includes(fd),
    closeSync: (fd) => did.push(`close ${fd}`),
    openSync: (path, flags) => did.push(`open ${path} ${flags}`),
  });
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
