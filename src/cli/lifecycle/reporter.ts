import type { Step } from "./steps.ts";

/** What an applier tells while it works. present/ turns it into a live line, plain lines or NDJSON. */
export interface Reporter {
  begin(step: Step): void;
  /** A line of the program that does the work. */
  line(step: Step, text: string): void;
  done(step: Step, tookMs: number): void;
  failed(step: Step, tookMs: number): void;
  /** A sentence that belongs to no step. */
  note(text: string): void;
  /** Ends the live line; nothing may be written after it. */
  end(): void;
}
