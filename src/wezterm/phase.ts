import { recall, remember } from "./memory.ts";

/**
 * One question or attach at a time, over all windows and reloads. WezTerm itself says `Detached` while an attach
 * is pending, and a second one makes a second client and can panic, so the plugin holds its own mark. It expires,
 * because the event that holds it may never come back: run_child_process has no timeout.
 */
export const seconds = { ask: 20, attach: 90, spawn: 10 } as const;

const longest = 90;

export function isBusy(now: number): boolean {
  const left = recall("busy_until") - now;
  // More than the longest phase: the clock was set back.
  return left > 0 && left <= longest;
}

/** Takes the mark; the ticket gives it back. */
export function begin(now: number, limit: number): number {
  const ticket = recall("ticket") + 1;
  remember("ticket", ticket);
  remember("busy_until", now + limit);
  return ticket;
}

/** Whether the ticket still holds the mark: a late answer must not act any more. */
export function isCurrent(ticket: number): boolean {
  return recall("ticket") === ticket;
}

export function finish(ticket: number): void {
  if (isCurrent(ticket)) remember("busy_until", 0);
}
