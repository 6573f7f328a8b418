import type { Hold } from "./ssh-forward.ts";
import type { SshReason } from "./ssh-reasons.ts";

/** Which hold the next ssh gets, by what became of those before it. */
export interface HoldChoice {
  /** `carries`: links are carried meanwhile, so there is time to ask twice. */
  next(carries: boolean): Hold;
  ready(): void;
  failed(hold: Hold, how: "timeout" | SshReason): void;
  /** Another boot is another guest. */
  forget(): void;
}

/**
 * A login shell that ends without running `cat` does so every time. One that did not answer in time may have been
 * slow once: `-N` then carries the links, and the next ssh asks for `cat` again.
 */
export function createHoldChoice(): HoldChoice {
  let runsNothing = false;
  let timeouts = 0;
  return {
    next: (carries) => (runsNothing || timeouts >= (carries ? 2 : 1) ? "none" : "cat"),
    ready: () => {
      timeouts = 0;
    },
    failed: (hold, how) => {
      if (hold === "none") return;
      if (how === "timeout") timeouts += 1;
      else if (how.kind === "shell") runsNothing = true;
    },
    forget: () => {
      [runsNothing, timeouts] = [false, 0];
    },
  };
}
