import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LinkEvent, LinkState } from "../../../src/cli/links/link.ts";
import { initialState, step } from "../../../src/cli/links/link-state.ts";

const states = {
  off: { kind: "off", since: 1 },
  waiting: { kind: "waiting", since: 1, reason: "no Docker", nextAttemptAt: 2 },
  up: { kind: "up", since: 1, rttMs: 2 },
  broken: { kind: "broken", since: 1, reason: "reset", nextAttemptAt: 2 },
  healing: { kind: "healing", since: 1, reason: "reset" },
} as const satisfies Record<string, LinkState>;

const events = {
  on: { kind: "switched", at: 10, on: true },
  off: { kind: "switched", at: 10, on: false },
  away: { kind: "vm-away", at: 10, reason: "stopped", nextAttemptAt: 11 },
  starting: { kind: "ssh-starting", at: 10 },
  gone: { kind: "ssh-gone", at: 10, reason: "killed", nextAttemptAt: 11 },
  proved: { kind: "proved", at: 10, rttMs: 3 },
  absent: { kind: "target-absent", at: 10, reason: "gone", nextAttemptAt: 11 },
  failed: { kind: "failed", at: 10, reason: "silent", nextAttemptAt: 11 },
} as const satisfies Record<string, LinkEvent>;

const waiting = (reason: string, since = 10): LinkState => ({
  kind: "waiting",
  since,
  reason,
  nextAttemptAt: 11,
});
const broken = (reason: string, since = 10): LinkState => ({
  kind: "broken",
  since,
  reason,
  nextAttemptAt: 11,
});

const rows: readonly (readonly [keyof typeof states, keyof typeof events, LinkState])[] = [
  ["off", "on", initialState(10)],
  ["off", "off", states.off],
  ["off", "away", states.off],
  ["off", "starting", states.off],
  ["off", "gone", states.off],
  ["off", "proved", states.off],
  ["off", "absent", states.off],
  ["off", "failed", states.off],
  ["waiting", "on", states.waiting],
  ["waiting", "off", { kind: "off", since: 10 }],
  ["waiting", "away", waiting("stopped", 1)],
  ["waiting", "starting", { kind: "healing", since: 10, reason: undefined }],
  ["waiting", "gone", broken("killed")],
  ["waiting", "proved", { kind: "up", since: 10, rttMs: 3 }],
  ["waiting", "absent", waiting("gone", 1)],
  ["waiting", "failed", broken("silent")],
  ["up", "on", states.up],
  ["up", "off", { kind: "off", since: 10 }],
  ["up", "away", waiting("stopped")],
  ["up", "starting", states.up],
  ["up", "gone", broken("killed")],
  ["up", "proved", { kind: "up", since: 1, rttMs: 3 }],
  ["up", "absent", waiting("gone")],
  ["up", "failed", broken("silent")],
  ["broken", "on", states.broken],
  ["broken", "off", { kind: "off", since: 10 }],
  ["broken", "away", waiting("stopped")],
  ["broken", "starting", { kind: "healing", since: 10, reason: "reset" }],
  ["broken", "gone", broken("killed", 1)],
  ["broken", "proved", { kind: "up", since: 10, rttMs: 3 }],
  ["broken", "absent", waiting("gone")],
  ["broken", "failed", broken("silent", 1)],
  ["healing", "on", states.healing],
  ["healing", "off", { kind: "off", since: 10 }],
  ["healing", "away", waiting("stopped")],
  ["healing", "starting", states.healing],
  ["healing", "gone", broken("killed")],
  ["healing", "proved", { kind: "up", since: 10, rttMs: 3 }],
  ["healing", "absent", waiting("gone")],
  ["healing", "failed", broken("silent")],
];

describe("step", () => {
  test.each(rows)("%s + %s", (from, event, to) => {
    expect(step(states[from], events[event])).toEqual(to);
  });

  test("the table has every state and event", () => {
    expect(rows).toHaveLength(Object.keys(states).length * Object.keys(events).length);
  });

  test("whatever happens, one proof makes every link up that is not off", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...Object.values(events).filter((one) => one !== events.off))),
        (list) => {
          const state = list.reduce(step, initialState(0));
          expect(step(state, events.proved).kind).toBe("up");
        },
      ),
    );
  });

  test("an up that lost its ssh has a new since", () => {
    const again = [events.gone, events.starting, { ...events.proved, at: 20 }].reduce<LinkState>(
      step,
      states.up,
    );
    expect(again).toMatchObject({ kind: "up", since: 20 });
  });
});
