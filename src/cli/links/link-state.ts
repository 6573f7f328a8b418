import type { LinkEvent, LinkState } from "./link.ts";

export const notTried = "not tried yet";

export const initialState = (at: number): LinkState => ({
  kind: "waiting",
  since: at,
  reason: notTried,
  nextAttemptAt: at,
});

/**
 * The state after an event. `since` is kept while the kind stays the same. An `up` never survives the end of its
 * ssh, so readers can tell by `since` that connections were lost in between.
 */
export function step(state: LinkState, event: LinkEvent): LinkState {
  if (state.kind === "off") {
    return event.kind === "switched" && event.on ? initialState(event.at) : state;
  }
  const since = (kind: LinkState["kind"]): number => (state.kind === kind ? state.since : event.at);
  switch (event.kind) {
    case "switched":
      return event.on ? state : { kind: "off", since: event.at };
    case "vm-away":
    case "target-absent":
      return {
        kind: "waiting",
        since: since("waiting"),
        reason: event.reason,
        nextAttemptAt: event.nextAttemptAt,
      };
    case "ssh-starting": {
      // A second ssh beside a living one changes nothing for a link that carries bytes.
      if (state.kind === "up" || state.kind === "healing") return state;
      return { kind: "healing", since: event.at, reason: state.kind === "broken" ? state.reason : undefined };
    }
    case "ssh-gone":
    case "failed":
      return {
        kind: "broken",
        since: since("broken"),
        reason: event.reason,
        nextAttemptAt: event.nextAttemptAt,
      };
    case "proved":
      return { kind: "up", since: since("up"), rttMs: event.rttMs };
  }
}
