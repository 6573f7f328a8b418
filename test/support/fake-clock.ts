import type { Clock } from "../../src/cli/adapters/clock.ts";

export interface FakeClock extends Clock {
  /** Moves both clocks; sleepers are not needed, because a sleep moves them itself. */
  advance(ms: number): void;
  /** Every sleep asked for, in milliseconds. */
  readonly slept: readonly number[];
}

/** Time that passes only by sleeping or by `advance`: a test with timeouts of an hour ends at once. */
export function fakeClock(startMs: number = Date.UTC(2026, 0, 2, 3, 4, 5)): FakeClock {
  let passed = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => startMs + passed,
    monotonic: () => passed,
    advance: (ms) => {
      passed += ms;
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      passed += ms;
      // A macrotask: code under test that waits in a loop lets other promises and timers run.
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}
