import type { Async, AsyncHost, Pane, Window } from "wezterm";
import { emitEvent } from "./actions.ts";
import { attempt, later, onAsync } from "./guard.ts";
import { recall, remember } from "./memory.ts";

/** Seconds of silence after which the clock is made anew. */
const silence = 5;

/**
 * Ticks after which it is asked whether this Lua state is still WezTerm's, and those after which it is not. Long between:
 * copy mode that waits for the character of a jump lets no question through.
 */
const askAfter = 10;
const endAfter = 60;

/** When this Lua state's clock was last heard, and its ticks since WezTerm answered. */
const heard = { at: 0, unanswered: 0 };

const question = "ascalon.clock";

export function registerClock(): void {
  onAsync(question, () => {
    heard.unanswered = 0;
  });
}

/**
 * Runs work every second. WezTerm has no event that does: update-status comes once, a second after a title, a tab or
 * a status changed, and no more on a machine that nobody touches. So this is one coroutine that sleeps in between;
 * a timer for each second would register an event for each. It ends when the clock of a newer Lua state begins.
 * Called by the events that come when there is nothing else: a timer that a reload drops begins no clock.
 */
export function keepTime(work: (host: AsyncHost) => void): void {
  const since = os.time() - heard.at;
  if (since >= 0 && since < silence) return;
  heard.at = os.time();
  heard.unanswered = 0;
  const ticket = recall("clock") + 1;
  remember("clock", ticket);
  later("clock", (host) => {
    while (recall("clock") === ticket && heard.unanswered < endAfter) {
      heard.at = os.time();
      heard.unanswered += 1;
      attempt("tick", work);
      host.sleep_ms(1000);
    }
    // The next event is not to take this clock for one that runs.
    if (recall("clock") === ticket) heard.at = 0;
  });
}

/**
 * A configuration that loads the plugin no more begins no newer clock, and nothing tells this Lua state: an action is
 * what WezTerm brings to the state that it has now. Not each second, because the window is drawn anew.
 */
export function askWhetherAlive(window: Async<Window>, pane: Pane): void {
  if (heard.unanswered >= askAfter) window.perform_action(emitEvent(question), pane);
}

/** False while the question has no answer: what acts would do so beside a newer Lua state. */
export const isOurs = (): boolean => heard.unanswered <= askAfter;
