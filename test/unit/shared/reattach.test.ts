import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forgotten, type ReattachMemory, stepReattach } from "../../../src/shared/reattach.ts";
import type { StatusFile } from "../../../src/shared/status.ts";

const start = 1_800_000_000;

const status = (now: number, state: "up" | "broken", since: number): StatusFile => ({
  schema: 1,
  writtenAt: now,
  nextWriteBy: now + 15,
  ascalon: "1",
  vm: { state: "running", since: 1 },
  links: [{ name: "mux", state, since }],
  mux: { socketPath: "/s" },
  gui: [],
  codec: { verdict: "unknown" },
  attention: [],
});

/** Seconds after the loss at which an attach is tried, none of which succeeds. */
function attempts(seconds: number, since: (now: number) => number): number[] {
  let memory: ReattachMemory = { ...forgotten, wanted: 1, linkSince: start - 50 };
  const tried: number[] = [];
  for (let now = start; now < start + seconds; now++) {
    const step = stepReattach(memory, {
      now,
      attached: false,
      busy: false,
      status: status(now, "up", since(now)),
    });
    memory = step.memory;
    if (step.attach) tried.push(now - start);
  }
  return tried;
}

describe("Attaching again", () => {
  test("is tried after 1, 2, 4, 8 and 16 seconds more, five times in all", () => {
    expect(attempts(300, () => start)).toEqual([1, 3, 7, 15, 31]);
  });

  test("neither begins nor counts while a question or an attach is in flight", () => {
    const memory: ReattachMemory = {
      wanted: 1,
      linkSince: start - 50,
      lostAt: start - 5,
      attempts: 1,
      nextAt: start - 1,
    };
    const facts = { now: start, attached: false, status: status(start, "up", start - 2) };
    expect(stepReattach(memory, { ...facts, busy: true })).toEqual({ memory, attach: false });
    expect(stepReattach(memory, { ...facts, busy: false }).attach).toBe(true);
  });

  test("is not tried when the link never broke: the detach was asked for", () => {
    expect(attempts(300, () => start - 50)).toEqual([]);
  });

  test("never happens unless it was attached before, whatever the ticks bring", () => {
    const tick = fc.record({
      seconds: fc.integer({ min: -5, max: 30 }),
      busy: fc.boolean(),
      up: fc.boolean(),
      since: fc.integer({ min: start - 100, max: start + 100 }),
    });
    fc.assert(
      fc.property(fc.array(tick), (ticks) => {
        let memory = forgotten;
        let now = start;
        for (const { seconds, busy, up, since } of ticks) {
          now += seconds;
          const step = stepReattach(memory, {
            now,
            attached: false,
            busy,
            status: status(now, up ? "up" : "broken", since),
          });
          memory = step.memory;
          expect(step.attach).toBe(false);
        }
      }),
    );
  });

  const lost: ReattachMemory = { wanted: 1, linkSince: start - 50, lostAt: start, attempts: 0, nextAt: 0 };
  const detached = { attached: false, busy: false };

  test("is forgotten after 20 seconds in which the link did not break: the detach was asked for", () => {
    const stepAt = (seconds: number) => {
      const now = start + seconds;
      return stepReattach(lost, { ...detached, now, status: status(now, "up", start - 50) });
    };
    expect(stepAt(20)).toEqual({ attach: false, memory: lost });
    expect(stepAt(21)).toEqual({ attach: false, memory: forgotten });
  });

  test("waits while nothing is known of the link, however long", () => {
    for (const stale of [undefined, status(start - 100, "up", start)])
      expect(stepReattach(lost, { ...detached, now: start + 500, status: stale })).toEqual({
        attach: false,
        memory: lost,
      });
  });

  test("is over once it is attached, with the link that this came by", () => {
    const facts = { now: start, attached: true, busy: false };
    const tried = { ...lost, attempts: 3, nextAt: start + 8 };
    const seen = { wanted: 1, lostAt: 0, attempts: 0, nextAt: 0 };
    expect(stepReattach(tried, { ...facts, status: status(start, "up", start - 2) })).toEqual({
      attach: false,
      memory: { ...seen, linkSince: start - 2 },
    });
    expect(stepReattach(tried, { ...facts, status: undefined })).toEqual({
      attach: false,
      memory: { ...seen, linkSince: start - 50 },
    });
  });

  test("is nothing for one that was attached without any news of the link", () => {
    const unseen = { ...lost, linkSince: 0, lostAt: 0 };
    const step = stepReattach(unseen, { ...detached, now: start, status: status(start, "up", start) });
    expect(step).toEqual({ attach: false, memory: forgotten });
  });
});
