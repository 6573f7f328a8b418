import type { Clock } from "../adapters/clock.ts";
import { within } from "./pause.ts";

/** A connection that is silent for so long beside two silent proofs is dead. A busy VM takes seconds to answer. */
const deadAfterMs = 4_000;
const lookAgainMs = 100;

export interface SignsOfLife {
  /** A proof succeeded: the ssh carries bytes. */
  tell(): void;
  /** Whether the ssh brings anything from the VM within some seconds: a proof, or an echo where it can be asked for one. */
  within(): Promise<boolean>;
}

export function createSignsOfLife(clock: Clock, echo: () => Promise<void> | undefined): SignsOfLife {
  const waiting = new Set<() => void>();
  return {
    tell: () => {
      for (const hear of waiting) hear();
    },
    within: async () => {
      let hear = (): void => {};
      const proved = new Promise<void>((resolve) => {
        hear = resolve;
      });
      waiting.add(hear);
      const echoed = echo();
      const signs = echoed ? [proved, echoed] : [proved];
      try {
        const isLate = (await within(clock, deadAfterMs, ...signs)) === "timeout";
        // In a busy process the time is over before what came meanwhile was looked at.
        return !isLate || (await within(clock, lookAgainMs, ...signs)) !== "timeout";
      } finally {
        waiting.delete(hear);
      }
    },
  };
}
