import type { Clock } from "../adapters/clock.ts";
import type { Generation } from "./generation.ts";
import { within } from "./pause.ts";

/** An ssh that was replaced ends with its last connection; `-N` does not notice that one, so the oldest are ended. */
const keptHeld = 8;
/**
 * Each of the others carries a window or the like, which is never cut. So many at one time nobody has: only a guest that
 * asks for new forwards by its sockets, and whose sshd never lets an old one go.
 */
const keptMost = 32;
export const leaveMs = 1_000;

/** Replaced ssh processes that still carry connections: windows, or what runs over Docker's socket. */
export interface Retired {
  add(generation: Generation): void;
  /** Gives all a moment to end, and goes: what still carries a window ends with it, as it would if we had been killed. */
  leave(clock: Clock): Promise<void>;
}

export function createRetired(): Retired {
  const all = new Set<Generation>();
  return {
    add: (generation) => {
      generation.retire();
      all.add(generation);
      void generation.ended.then(() => all.delete(generation));
      const held = [...all].filter(({ hold }) => hold === "none");
      if (held.length > keptHeld) held[0]?.kill("SIGTERM");
      const [oldest] = all;
      if (all.size > keptMost) oldest?.kill("SIGTERM");
    },
    leave: async (clock) => {
      for (const one of all) if (one.hold === "none") one.leave();
      await within(clock, leaveMs, Promise.all([...all].map((one) => one.ended)));
      for (const one of all) one.leave();
    },
  };
}
