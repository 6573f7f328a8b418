import type { SupervisorPort } from "./supervisor-port.ts";

/** Logins that ask the guest something and end by themselves, which nobody may want any more before that. */
export interface Questions {
  readonly port: SupervisorPort;
  /** Before the first of some, whatever became of those before. */
  start(): void;
  /** Ends the one that is on its way, and those that would follow it. */
  giveUp(): void;
}

export function createQuestions(port: SupervisorPort): Questions {
  let over = new AbortController();
  return {
    port: { ...port, runSsh: (args, timeoutMs) => port.runSsh(args, timeoutMs, over.signal) },
    start: () => {
      over = new AbortController();
    },
    giveUp: () => over.abort(),
  };
}
