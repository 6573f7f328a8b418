import type { Clock } from "../adapters/clock.ts";
import { withinAwake } from "./pause.ts";

/** A connection that is silent for so long beside two silent proofs is suspected. A busy VM takes seconds to answer. */
const silentMs = 4_000;
const lookAgainMs = 100;

export interface SignsOfLife {
  /** Whether the ssh brings anything from the VM within some seconds. */
  carries(): Promise<boolean>;
  /** A link was proved. */
  proved(): void;
}

/** `echo`: a line to the guest and back; undefined where there is none. */
export function createSignsOfLife(clock: Clock, echo: () => Promise<void> | undefined): SignsOfLife {
  const waiting = new Set<() => void>();
  return {
    carries: async () => {
      let tell = (): void => {};
      const proved = new Promise<void>((resolve) => {
        tell = resolve;
      });
      waiting.add(tell);
      const line = echo();
      const signs = line ? [proved, line] : [proved];
      try {
        const isLate = (await withinAwake(clock, silentMs, ...signs)) === "timeout";
        // In a busy process the time is over before what came meanwhile was looked at.
        return !isLate || (await withinAwake(clock, lookAgainMs, ...signs)) !== "timeout";
      } finally {
        waiting.delete(tell);
      }
    },
    proved: () => {
      for (const tell of waiting) tell();
    },
  };
}
