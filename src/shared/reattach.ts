import { freshMux, type StatusFile } from "./status.ts";

/**
 * Re-attaching after a disconnect nobody asked for. WezTerm never reconnects a unix domain and fires no event
 * (wezterm#3539, #858), so the plugin compares two ticks. All fields are numbers: they live in wezterm.GLOBAL.
 */
export interface ReattachMemory {
  /** 1 while the person wants to be attached: set when seen attached, cleared by an asked detach. */
  readonly wanted: number;
  /** The mux link's `since` when last seen attached. */
  readonly linkSince: number;
  /** When the loss was noticed, unix seconds; 0 while attached. */
  readonly lostAt: number;
  readonly attempts: number;
  /** The next attempt; 0 until the link tells that the connection was lost, and not ended by the person's own act. */
  readonly nextAt: number;
}

export const forgotten: ReattachMemory = { wanted: 0, linkSince: 0, lostAt: 0, attempts: 0, nextAt: 0 };

/** Failed attempts leave a tab behind for two minutes each, so there are not many. */
const maxAttempts = 5;

/** No pause is longer: what is further off was set before the clock was set back. */
const mostPause = 32;

/** A link that never broke by then says that the detach was asked for, with WezTerm's own command perhaps. */
const doubtSeconds = 20;

export interface ReattachStep {
  readonly memory: ReattachMemory;
  readonly attach: boolean;
}

export interface ReattachFacts {
  readonly now: number;
  readonly attached: boolean;
  readonly busy: boolean;
  readonly status: StatusFile | undefined;
}

export function stepReattach(memory: ReattachMemory, facts: ReattachFacts): ReattachStep {
  const now = facts.now;
  const link = freshMux(facts.status, now);
  const { wanted, linkSince, lostAt, attempts } = memory;
  if (facts.attached) return stay(seenAttached(link === undefined ? linkSince : link.since));
  if (wanted === 0 || facts.busy) return stay(memory);
  // Never seen with news of the link: nothing will tell a lost connection from a wanted detach.
  if (linkSince === 0) return stay(forgotten);
  if (lostAt === 0) return stay({ wanted, linkSince, lostAt: now, attempts, nextAt: 0 });
  if (link === undefined) return stay(memory);
  if (link.state !== "up")
    return stay({ wanted, linkSince, lostAt, attempts, nextAt: memory.nextAt === 0 ? now : memory.nextAt });
  if (link.since <= linkSince) return stay(now - lostAt > doubtSeconds ? forgotten : memory);
  if (now < memory.nextAt && memory.nextAt - now <= mostPause) return stay(memory);
  if (attempts >= maxAttempts) return stay(forgotten);
  // After the first attempt 2 s, then 4, 8, 16.
  const nextAt = now + (2 << attempts);
  return { attach: true, memory: { wanted, linkSince, lostAt, attempts: attempts + 1, nextAt } };
}

const stay = (memory: ReattachMemory): ReattachStep => ({ memory, attach: false });

const seenAttached = (linkSince: number): ReattachMemory => ({
  wanted: 1,
  linkSince,
  lostAt: 0,
  attempts: 0,
  nextAt: 0,
});
