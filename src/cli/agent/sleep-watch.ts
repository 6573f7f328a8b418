import type { Clock } from "../adapters/clock.ts";

/** Two readings of both clocks, and how long the pause between them was meant to be. All in milliseconds. */
export interface Tick {
  readonly wall: number;
  readonly monotonic: number;
}

export type TimeJump =
  | { readonly kind: "none" }
  /** The machine slept, or this process did not run, for about that long. */
  | { readonly kind: "slept"; readonly ms: number }
  | { readonly kind: "clock-set"; readonly ms: number };

export const readClocks = (clock: Pick<Clock, "now" | "monotonic">): Tick => ({
  wall: clock.now(),
  monotonic: clock.monotonic(),
});

/** A busy machine is late by less. */
const toleranceMs = 3_000;

/**
 * The monotonic clock stops during sleep, so the wall clock runs ahead of it. On a Mac not for a short one (adapters/clock.ts):
 * then the pause itself was too long.
 */
export function timeJump(before: Tick, now: Tick, pauseMs: number): TimeJump {
  const wall = now.wall - before.wall;
  const monotonic = now.monotonic - before.monotonic;
  if (monotonic - pauseMs > toleranceMs) return { kind: "slept", ms: monotonic - pauseMs };
  if (wall - monotonic > toleranceMs) return { kind: "slept", ms: wall - monotonic };
  if (monotonic - wall > toleranceMs) return { kind: "clock-set", ms: wall - monotonic };
  return { kind: "none" };
}
