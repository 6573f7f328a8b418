import { expect, test } from "vitest";
import { settledGate } from "../../../src/cli/commands/attach-run.ts";
import type { GateDecision } from "../../../src/shared/attach-gate.ts";
import { fakeContext } from "../../support/fake-context.ts";

const wait: GateDecision = {
  act: "wait",
  headline: "The link to the VM is being made: a login in the VM takes longer than 10 s.",
  lines: [],
  offers: ["doctor"],
};
const start: GateDecision = { act: "start", headline: "The VM runs without a link to WezTerm: making it." };

/** What the gate says at a time, in seconds from now. */
async function settle(says: (seconds: number) => GateDecision) {
  const context = fakeContext({});
  const began = context.clock.monotonic();
  const seconds = (): number => (context.clock.monotonic() - began) / 1000;
  const decision = await settledGate(async () => says(seconds()), context);
  return { decision, seconds: seconds() };
}

test("a link that a slow VM lets be made late is waited for", async () => {
  expect((await settle((now) => (now < 40 ? wait : { act: "attach" }))).decision).toEqual({ act: "attach" });
});

test("one that is still on its way is not said to be made by nobody", async () => {
  const { decision, seconds } = await settle(() => wait);
  expect(decision).toMatchObject({ act: "explain", headline: wait.headline });
  expect(seconds).toBeGreaterThanOrEqual(60);
});

test("one that nobody makes is told after ten seconds", async () => {
  const { decision, seconds } = await settle(() => start);
  expect(decision).toMatchObject({
    act: "explain",
    headline: expect.stringContaining("There is no link between"),
  });
  expect(seconds).toBeLessThan(12);
});
