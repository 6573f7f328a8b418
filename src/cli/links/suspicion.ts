import type { Generation } from "./generation.ts";
import { reasonText } from "./ssh-reasons.ts";

/** An ssh that nothing came through for a while. Whether it is dead or slow, another login beside it tells. */
export interface Suspicion {
  /** Nothing comes through this one. */
  fall(on: Generation | undefined): void;
  /** A link was proved that it carries. */
  proved(): void;
  /**
   * Another one carries the links now. The one before, when nothing came through it to the last, is ended, because what
   * it carries never would. Returns why it is gone, then and when it ended by itself meanwhile.
   */
  settle(before: Generation): Promise<string | undefined>;
}

export function createSuspicion(): Suspicion {
  let suspect: Generation | undefined;
  return {
    fall: (on) => {
      suspect = on;
      void on?.echo()?.then(() => {
        if (suspect === on) suspect = undefined;
      });
    },
    proved: () => {
      // `cat` is asked, and needs no other proof.
      if (suspect?.hold === "none") suspect = undefined;
    },
    settle: async (before) => {
      const isSuspect = before === suspect;
      suspect = undefined;
      if (before.hasEnded()) return reasonText(await before.ended);
      if (!isSuspect) return undefined;
      before.kill("SIGKILL");
      return "nothing came through the connection to the VM";
    },
  };
}
