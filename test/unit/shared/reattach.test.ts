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

  test("is forgotten by an asked detach", () => {
    const step = stepReattach(forgotten, {
      now: start,
      attached: false,
      busy: false,
      status: status(start, "up", start),
    });
    expect(step).toEqual({ attach: false, memory: forgotten });
  });
});
