import { recall, remember } from "./memory.ts";

/** A longer silence between two looks is a sleep or a clock that was set: ticks come every second (clock.ts). */
const jumpSeconds = 10;

/**
 * One question or attach at a time, over all windows and reloads. WezTerm itself says `Detached` while an attach
 * is pending, and a second one makes a second client and can panic, so the plugin holds its own mark. It expires,
 * because the event that holds it may never come back: run_child_process has no timeout.
 */
export function isBusy(now: number): boolean {
  const gone = now - recall("seen");
  // WezTerm's own time-outs stand still in sleep, so the mark does too.
  if (gone < 0 || gone > jumpSeconds) remember("busy", recall("busy") + gone);
  remember("seen", now);
  return recall("busy") > now;
}

/** Takes the mark; the ticket gives it back. */
export function begin(now: number, limit: number): number {
  const ticket = recall("ticket") + 1;
  remember("ticket", ticket);
  remember("busy", now + limit);
  remember("seen", now);
  return ticket;
}

/** Whether the ticket still holds the mark: a late answer must not act any more. */
export function isCurrent(ticket: number): boolean {
  return recall("ticket") === ticket;
}

export function finish(ticket: number): void {
  if (isCurrent(ticket)) remember("busy", 0);
}

/** Works under the mark; whether it succeeded, and what it raised. */
export function hold(limit: number, work: () => void): LuaMultiReturn<[boolean, unknown]> {
  const ticket = begin(os.time(), limit);
  const [ok, problem] = pcall(work);
  finish(ticket);
  return $multi(ok, problem);
}
