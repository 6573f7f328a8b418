import type { Clock } from "../adapters/clock.ts";

/** A sleep that somebody else can end. */
export interface Pause {
  /** Resolves after `ms`, or at once when wake() was called since the last pause. */
  for(ms: number): Promise<void>;
  wake(): void;
}

export function createPause(clock: Clock): Pause {
  let pending: AbortController | undefined;
  let woken = false;
  return {
    for: async (ms) => {
      if (woken) {
        woken = false;
        return;
      }
      const controller = new AbortController();
      pending = controller;
      try {
        await clock.sleep(ms, controller.signal);
      } catch (error) {
        if (!controller.signal.aborted) throw error;
      } finally {
        pending = undefined;
        woken = false;
      }
    },
    wake: () => {
      woken = true;
      pending?.abort();
    },
  };
}

/** 0.2 s, doubled with each failure, at most `limitMs`. */
export const backoffMs = (failures: number, limitMs: number, firstMs = 200): number =>
  Math.min(limitMs, firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 16));

/** The first of the promises, or "timeout". The timer never outlives the wait. */
export async function within<T>(clock: Clock, ms: number, ...promises: Promise<T>[]): Promise<T | "timeout"> {
  const controller = new AbortController();
  const timer = clock.sleep(ms, controller.signal).then(
    (): "timeout" => "timeout",
    (): "timeout" => "timeout",
  );
  try {
    return await Promise.race([...promises, timer]);
  } finally {
    controller.abort();
  }
}

/**
 * The same with none of the time in which the machine slept: a Mac's timers end as it wakes, before anybody could have
 * answered.
 */
export async function withinAwake<T>(
  clock: Clock,
  ms: number,
  ...promises: Promise<T>[]
): Promise<T | "timeout"> {
  const until = clock.monotonic() + ms;
  for (;;) {
    const outcome = await within(clock, until - clock.monotonic(), ...promises);
    if (outcome !== "timeout" || clock.monotonic() >= until) return outcome;
  }
}
