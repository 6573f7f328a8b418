import type { Context } from "../context.ts";
import { confirmCall } from "./confirm.ts";
import type { ProgramFinder } from "./programs.ts";
import { createTurns } from "./turns.ts";

/** Questions to the person on the host: one at a time, and none of a client that is gone. */
export interface Questions {
  /** Whether the call of this label may run. */
  ask(label: string, gone: AbortSignal): Promise<boolean>;
  /** Calls that wait for an answer, the one that is asked about among them. */
  waiting(): number;
}

export function createQuestions(
  context: Pick<Context, "processes" | "host" | "env">,
  programs: ProgramFinder,
): Questions {
  // Turns of their own: who waits for a person does not keep programs from running.
  const turns = createTurns(1);
  let waiting = 0;
  return {
    ask: async (label, gone) => {
      waiting += 1;
      let giveBack = (): void => {};
      try {
        giveBack = await turns.take(gone);
        return await confirmCall(context, programs, label, gone);
      } catch {
        return false;
      } finally {
        giveBack();
        waiting -= 1;
      }
    },
    waiting: () => waiting,
  };
}
