import { commandRule } from "./policy.ts";

/** Lets so many work at once; the others wait in order. */
export interface Turns {
  /** Resolves with the function that gives the turn back. Aborting gives up the place in the queue. */
  take(signal: AbortSignal): Promise<() => void>;
}

export function createTurns(most: number): Turns {
  let working = 0;
  const waiting: (() => void)[] = [];
  const giveBack = (): void => {
    const next = waiting.shift();
    if (next) next();
    else working -= 1;
  };
  const once = (): (() => void) => {
    let given = false;
    return () => {
      if (!given) giveBack();
      given = true;
    };
  };
  return {
    take: (signal) => {
      signal.throwIfAborted();
      if (working < most) {
        working += 1;
        return Promise.resolve(once());
      }
      return new Promise((resolve, reject) => {
        const begin = (): void => {
          signal.removeEventListener("abort", giveUp);
          resolve(once());
        };
        const giveUp = (): void => {
          waiting.splice(waiting.indexOf(begin), 1);
          reject(signal.reason);
        };
        waiting.push(begin);
        signal.addEventListener("abort", giveUp, { once: true });
      });
    },
  };
}

/** A turn of the command's own, where its rule has such, and then one of all; undefined when the client left first. */
export type TakeTurn = (command: string, gone: AbortSignal) => Promise<(() => void) | undefined>;

export function createCallTurns(most: number): TakeTurn {
  const all = createTurns(most);
  const ofCommand = new Map<string, Turns>();
  return async (command, gone) => {
    const most = commandRule(command)?.atOnce;
    const few = most === undefined ? undefined : (ofCommand.get(command) ?? createTurns(most));
    if (few) ofCommand.set(command, few);
    let giveBackOne = (): void => {};
    try {
      if (few) giveBackOne = await few.take(gone);
      const giveBack = await all.take(gone);
      return () => {
        giveBack();
        giveBackOne();
      };
    } catch {
      giveBackOne();
      return undefined;
    }
  };
}
