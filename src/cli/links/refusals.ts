import type { Link, RefusedLink } from "./link.ts";
import { prepareLinks } from "./prepare-links.ts";
import type { SupervisorPort } from "./supervisor-port.ts";

/** How often it is looked whether what was in the way of a link is gone. */
export const recheckMs = 10_000;

/** Links that an ssh does not carry, and when to look again whether it could. */
export interface Refusals {
  set(refused: readonly RefusedLink[]): void;
  has(link: Link): boolean;
  /** Monotonic; never while there are none. */
  nextMs(): number;
  /** Looks: whether one of them can be made now, or another one cannot any more. */
  haveChanged(): Promise<boolean>;
  hurry(): void;
}

export function createRefusals(port: SupervisorPort, wanted: () => readonly Link[]): Refusals {
  let refused: readonly RefusedLink[] = [];
  let nextMs = 0;
  const later = (): void => {
    nextMs = port.clock.monotonic() + recheckMs;
  };
  const names = (of: readonly RefusedLink[]): string => JSON.stringify(of.map(({ name }) => name));
  return {
    set: (now) => {
      refused = now;
      later();
    },
    has: (link) => refused.some(({ name }) => name === link.name),
    nextMs: () => (refused.length === 0 ? Number.POSITIVE_INFINITY : nextMs),
    haveChanged: async () => {
      later();
      try {
        const target = await port.target();
        const now = target && (await prepareLinks(port, target, wanted()));
        // A VM that is too slow to answer gives no reason to let go of links that work.
        if (now === undefined || now.problem !== undefined || now.refused.some(({ unknown }) => unknown))
          return false;
        return names(now.refused) !== names(refused);
      } catch {
        return false;
      }
    },
    hurry: () => {
      nextMs = 0;
    },
  };
}
