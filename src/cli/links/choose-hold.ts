import { backoffMs } from "./pause.ts";
import type { Hold } from "./ssh-forward.ts";
import type { SshReason } from "./ssh-reasons.ts";

/** Doubled with each ssh that did not begin in time: a guest whose login takes longer is slow, and not without one. */
const beginTimeoutMs = 10_000;
const beginLimitMs = 60_000;

/** Which hold the next ssh gets, and how long it may take, by what became of those before it. */
export interface HoldChoice {
  /** `carries`: links are carried meanwhile, so there is time to ask twice. */
  next(carries: boolean): Hold;
  patienceMs(): number;
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
  let late = 0;
  return {
    next: (carries) => (runsNothing || timeouts >= (carries ? 2 : 1) ? "none" : "cat"),
    patienceMs: () => backoffMs(late + 1, beginLimitMs, beginTimeoutMs),
    ready: () => {
      [timeouts, late] = [0, 0];
    },
    failed: (hold, how) => {
      if (how === "timeout") late += 1;
      if (hold === "none") return;
      if (how === "timeout") timeouts += 1;
      else if (how.kind === "shell") runsNothing = true;
    },
    forget: () => {
      [runsNothing, timeouts, late] = [false, 0, 0];
    },
  };
}
