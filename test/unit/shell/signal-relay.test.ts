import { expect, test } from "vitest";
import { relaySignal } from "../../../src/cli/shell/signal-relay.ts";
import { fakeContext } from "../../support/fake-context.ts";
import { manualClock } from "../../support/manual-clock.ts";
import { sshTarget } from "../../support/ssh-target.ts";

const call = { target: sshTarget, route: "master", id: "ascalon-shell-1" } as const;

/** Each ssh takes so long and ends with the next of these codes, the last one again and again; undefined: it goes on. */
function relay(codes: (number | undefined)[], tookMs = 0) {
  const clock = manualClock();
  const programs = async () => {
    const exitCode = codes.length > 1 ? codes.shift() : codes[0];
    if (exitCode === undefined) return await new Promise<undefined>(() => {});
    if (tookMs > 0) await clock.sleep(tookMs);
    return { exitCode };
  };
  const context = { ...fakeContext({ programs }), clock };
  return { context, clock, reached: relaySignal(context, call, "SIGTERM") };
}

test("a signal that a master which stands still does not take is given up, and its ssh with it", async () => {
  const { context, clock, reached } = relay([undefined]);
  await clock.advance(4_900);
  expect(context.processes.killed).toEqual([]);
  await clock.advance(200);
  expect(await reached).toBe(false);
  expect(context.processes.killed).toEqual([[5000, "SIGTERM"]]);
  expect(context.processes.calls).toHaveLength(1);
});

test("a program that is not there yet is looked for again, and nobody goes on waiting", async () => {
  const { context, clock, reached } = relay([3, 3, 0]);
  await clock.advance(500);
  expect(await reached).toBe(true);
  expect(context.processes.calls).toHaveLength(3);
  expect(clock.sleepers()).toBe(0);
});

test.each([
  ["is not there at all", 3, 5],
  ["cannot be asked for", 255, 1],
])("a program that %s is not looked for without end", async (_, exitCode, times) => {
  const { context, clock, reached } = relay([exitCode]);
  await clock.advance(4_000);
  expect(await reached).toBe(false);
  expect(context.processes.calls).toHaveLength(times);
});

test("once it is given up no other ssh begins, which nobody would end", async () => {
  // The fourth has just said that there is no program when the five seconds are over.
  const { context, clock, reached } = relay([3], 1_080);
  await clock.advance(7_000);
  expect(await reached).toBe(false);
  expect(context.processes.calls).toHaveLength(4);
});
