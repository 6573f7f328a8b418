import type { Clock } from "../../src/cli/adapters/clock.ts";

/** Time that stands still until it is moved; sleepers wake in order. */
export interface ManualClock extends Clock {
  /** Moves time on by `ms`, stopping at each sleeper so that what it starts happens at its own time. */
  advance(ms: number): Promise<void>;
  /** How many are asleep. */
  sleepers(): number;
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

export function manualClock(startMs: number = Date.UTC(2026, 0, 2, 3, 4, 5)): ManualClock {
  let now = startMs;
  const waiting = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    now: () => now,
    monotonic: () => now,
    sleepers: () => waiting.size,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const aborted = (): void => {
          if (waiting.delete(entry)) reject(signal?.reason);
        };
        const wake = (): void => {
          signal?.removeEventListener("abort", aborted);
          resolve();
        };
        const entry = { at: now + Math.max(ms, 0), wake };
        waiting.add(entry);
        signal?.addEventListener("abort", aborted);
      }),
    advance: async (ms) => {
      const end = now + ms;
      for (;;) {
        await settle();
        const next = [...waiting].sort((a, b) => a.at - b.at)[0];
        if (!next || next.at > end) break;
        now = Math.max(now, next.at);
        waiting.delete(next);
        next.wake();
      }
      now = end;
      await settle();
    },
  };
}
