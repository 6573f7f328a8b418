import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { afterEach, expect, test, vi } from "vitest";
import { afterAwake, systemClock, withoutSleep } from "../../src/cli/adapters/clock.ts";
import { converse } from "../../src/cli/adapters/converse.ts";
import { systemProcesses } from "../../src/cli/adapters/process.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("an hour that a Mac slept is none that passed", () => {
  let ms = 100;
  const awake = withoutSleep(() => ms);
  const began = awake();
  for (let second = 0; second < 10; second += 1) {
    ms += 1_000;
    awake();
  }
  expect(awake() - began).toBe(10_000);
  ms += 3_600_000;
  expect(awake() - began).toBeLessThanOrEqual(11_000);
  ms += 2_000;
  expect(awake() - began).toBeGreaterThanOrEqual(12_000);
});

test("a busy process that looks late loses nothing", () => {
  let ms = 0;
  const awake = withoutSleep(() => ms);
  ms = 4_000;
  expect(awake()).toBe(4_000);
});

test("what ends after a time awake waits for the rest of it after a sleep", async () => {
  let awakeMs = 0;
  vi.spyOn(systemClock, "monotonic").mockImplementation(() => awakeMs);
  vi.useFakeTimers();
  const call = vi.fn();
  afterAwake(60_000, call);
  // The timer ends with the sleep.
  awakeMs = 20_000;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(call).not.toHaveBeenCalled();
  awakeMs = 60_000;
  await vi.advanceTimersByTimeAsync(40_000);
  expect(call).toHaveBeenCalledOnce();
});

test("a program does not time out because the machine slept", async () => {
  const { monotonic } = systemClock;
  const began = monotonic();
  // What took longer than a moment was sleep.
  const clock = vi
    .spyOn(systemClock, "monotonic")
    .mockImplementation(() => Math.min(monotonic(), began + 50));
  const wait = (ms: number) =>
    systemProcesses.run(process.execPath, ["-e", `setTimeout(() => {}, ${ms})`], { timeoutMs: 100 });
  expect(await wait(300)).toMatchObject({ exitCode: 0, timedOut: false });
  clock.mockRestore();
  expect(await wait(60_000)).toMatchObject({ exitCode: undefined, timedOut: true });
});

test("a socket that was asked as the machine fell asleep has the rest of its time to answer", async () => {
  const folder = mkdtempSync(`${tmpdir()}/asc-asleep-`);
  const server = createServer((socket) => setTimeout(() => socket.end("late"), 200));
  await new Promise<void>((resolve) => server.listen(`${folder}/s`, resolve));
  const { monotonic } = systemClock;
  const began = monotonic();
  vi.spyOn(systemClock, "monotonic").mockImplementation(() => Math.min(monotonic(), began + 50));
  try {
    const said = await converse({ to: `${folder}/s`, request: new Uint8Array(), timeoutMs: 100 }, String);
    expect(said).toMatchObject({ kind: "answer" });
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});
