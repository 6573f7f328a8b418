import { expect, test } from "vitest";
import type { Clock } from "../../../src/cli/adapters/clock.ts";
import { withinAwake } from "../../../src/cli/links/pause.ts";
import { createSignsOfLife } from "../../../src/cli/links/signs-of-life.ts";
import { manualClock } from "../../support/manual-clock.ts";

/** A Mac's: what is asleep wakes with the machine, whose sleep is no time that passed. */
function macClock() {
  const clock = manualClock();
  let slept = 0;
  return {
    ...clock,
    monotonic: () => clock.monotonic() - slept,
    lidClosed: async (ms: number) => {
      slept += ms;
      await clock.advance(ms);
    },
  };
}

test("what was to answer within a time has the rest of it after a sleep", async () => {
  const clock = macClock();
  const waiting = withinAwake(clock, 10_000, new Promise<never>(() => {}));
  let done: unknown;
  void waiting.then((outcome) => {
    done = outcome;
  });
  await clock.advance(4_000);
  await clock.lidClosed(3_600_000);
  await clock.advance(5_000);
  expect(done).toBeUndefined();
  await clock.advance(1_000);
  expect(done).toBe("timeout");
});

/** Signs of life of an ssh that answers when it is told to. */
function askedOf(clock: Clock) {
  let resolveAnswer = (): void => {};
  const signs = createSignsOfLife(
    clock,
    () =>
      new Promise((resolve) => {
        resolveAnswer = resolve;
      }),
  );
  return { signs, answer: () => resolveAnswer() };
}

test("an ssh that was silent because the Mac slept is not suspected", async () => {
  const clock = macClock();
  const { signs, answer } = askedOf(clock);
  const carries = signs.carries();
  await clock.advance(100);
  await clock.lidClosed(3_600_000);
  await clock.advance(500);
  answer();
  expect(await carries).toBe(true);
});

test("what came while a busy process let the time run out counts", async () => {
  const clock = manualClock();
  const { signs, answer } = askedOf(clock);
  const late = signs.carries();
  await clock.advance(4_000);
  answer();
  expect(await late).toBe(true);
  const mute = signs.carries();
  await clock.advance(4_000);
  await clock.advance(100);
  expect(await mute).toBe(false);
});
