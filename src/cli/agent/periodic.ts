import type { Clock } from "../adapters/clock.ts";

/** Calls `work` when its time has come; a failure is logged once until it changes. */
export function periodic(
  clock: Clock,
  everyMs: number,
  log: (line: string) => void,
  work: () => Promise<void>,
) {
  let nextMs = 0;
  let failing: string | undefined;
  return async (now: boolean): Promise<string | undefined> => {
    if (!now && clock.monotonic() < nextMs) return failing;
    nextMs = clock.monotonic() + everyMs;
    try {
      await work();
      failing = undefined;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (why !== failing) log(why);
      failing = why;
    }
    return failing;
  };
}
