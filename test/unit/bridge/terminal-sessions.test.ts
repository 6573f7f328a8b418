import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { PipedProcess, StartPiped } from "../../../src/cli/adapters/process.ts";
import type { ProgramEvents, ProgramSpec } from "../../../src/cli/bridge/program.ts";
import { terminalFrame } from "../../../src/cli/bridge/terminal-frames.ts";
import { createTerminalSessions } from "../../../src/cli/bridge/terminal-sessions.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const spec: ProgramSpec = {
  file: "/bin/op",
  args: [],
  env: {},
  streams: ["terminal", "terminal", "terminal"],
  terminal: { columns: 80, rows: 24 },
};
const noEvents: ProgramEvents = {
  onData: () => {},
  onEnd: () => {},
  onShut: () => {},
  onExit: () => {},
  onStartError: () => {},
};

/** Sessions whose terminals are doubles: `end(n)` ends the program on the nth, `open` are those that are there. */
function sessions() {
  const screens: EventEmitter[] = [];
  const open = new Set<number>();
  const start: StartPiped = (_file, _args, { onExit }) => {
    const at = screens.length;
    const stdout = Object.assign(new EventEmitter(), { pause: () => {}, resume: () => {} });
    screens.push(stdout);
    open.add(at);
    const end = (): void => {
      open.delete(at);
      onExit({ exitCode: 0, signal: undefined, startError: undefined });
    };
    const stdin = Object.assign(new EventEmitter(), { writable: true, write: () => true, end });
    return { pid: 1, stdin, stdout, stderr: null, kill: () => {} } as unknown as PipedProcess;
  };
  const terminals = createTerminalSessions({ start, perl: "/usr/bin/perl", env: {} });
  return {
    terminals,
    open: () => [...open],
    run: (session: string | undefined) => terminals.run(session, spec, noEvents),
    end: (at: number) => screens[at]?.emit("data", Buffer.from(terminalFrame("D", "c0"))),
  };
}

test("a terminal is kept for the next call of its session, and ended after 15 idle minutes", () => {
  const { run, end, open } = sessions();
  run("a");
  vi.advanceTimersByTime(3_600_000);
  end(0);
  vi.advanceTimersByTime(14 * 60_000);
  run("a");
  end(0);
  vi.advanceTimersByTime(14 * 60_000);
  expect(open()).toEqual([0]);
  vi.advanceTimersByTime(60_000);
  expect(open()).toEqual([]);
});

test("16 are kept: for one more the one that was used longest ago goes", () => {
  const { run, end, open } = sessions();
  for (let at = 0; at < 16; at += 1) {
    run(`session ${at}`);
    end(at);
  }
  run("session 0");
  end(0);
  run("one more");
  expect(open()).toHaveLength(16);
  expect(open()).not.toContain(1);
});

test("while all of them are busy, one more is for its call alone", () => {
  const { run, end, open } = sessions();
  for (let at = 0; at < 17; at += 1) run(`session ${at}`);
  expect(open()).toHaveLength(17);
  end(16);
  expect(open()).toHaveLength(16);
});

test("a call without a session, or of one that is busy, has a terminal for itself", () => {
  const { run, end, open } = sessions();
  run("a");
  run("a");
  run(undefined);
  expect(open()).toEqual([0, 1, 2]);
  end(1);
  end(2);
  expect(open()).toEqual([0]);
});

test("the end of the bridge is theirs, busy or not", () => {
  const { run, end, open, terminals } = sessions();
  run("a");
  run("b");
  run(undefined);
  end(0);
  terminals.close();
  expect(open()).toEqual([]);
});
