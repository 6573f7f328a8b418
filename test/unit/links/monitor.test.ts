import { expect, test } from "vitest";
import type { Link } from "../../../src/cli/links/link.ts";
import { createLinkMonitor } from "../../../src/cli/links/monitor.ts";
import type { ProbeResult } from "../../../src/cli/links/probes/probe.ts";
import { manualClock } from "../../support/manual-clock.ts";

const mux: Link = {
  name: "mux",
  protocol: "mux",
  direction: "guest-to-host",
  hostEnd: "/s/mux.sock",
  guestEnd: "/run/user/1000/wezterm/sock",
  target: undefined,
  probeEnd: "/s/mux.sock",
  chosen: "",
};

function open(link = mux) {
  const clock = manualClock();
  const state = {
    proof: { kind: "up", rttMs: 1, facts: undefined } as ProbeResult,
    /** What lies at the host end. */
    lies: "the first ssh's",
    looks: Promise.resolve(),
    /** Whether the ssh brings anything else. */
    carries: Promise.resolve(true),
    asked: [] as string[],
    /** Of each proof that succeeded: whether it went through the socket that the ssh made. */
    proved: [] as boolean[],
  };
  const port = {
    clock,
    prove: async () => state.proof,
    identity: async () => {
      await state.looks;
      return state.lies;
    },
    guestGreets: async () => true,
    carries: () => state.carries,
  };
  const monitor = createLinkMonitor(port, link, {
    onChange: () => {},
    onAction: (action) => state.asked.push(action),
    onProved: (byMade) => state.proved.push(byMade),
  });
  return Object.assign(state, { clock, monitor });
}

async function carrying() {
  const bed = open();
  await bed.monitor.carry();
  await bed.clock.advance(3_000);
  expect(bed.monitor.report().state.kind).toBe("up");
  return bed;
}

const gone = { kind: "ssh-gone", at: 0, reason: "it ended", nextAttemptAt: 0 } as const;

test("an ssh that ends while it is looked at what it made carries nothing", async () => {
  const bed = open();
  let look = (): void => {};
  bed.looks = new Promise((resolve) => {
    look = resolve;
  });
  const carry = bed.monitor.carry();
  bed.monitor.tell(gone);
  look();
  await carry;
  await bed.clock.advance(5_000);
  expect(bed.monitor.report()).toMatchObject({ carried: false, state: { kind: "broken" } });
  bed.monitor.stop();
});

test("while a second ssh makes the socket anew, another one there is nobody's fault", async () => {
  const bed = await carrying();
  bed.monitor.tell({ kind: "ssh-starting", at: 0 });
  bed.lies = "the second ssh's";
  await bed.clock.advance(5_000);
  expect(bed.asked).toEqual([]);
  expect(bed.monitor.report()).toMatchObject({ hijacked: false, state: { kind: "up" } });
  await bed.monitor.carry();
  await bed.clock.advance(5_000);
  expect(bed.monitor.report()).toMatchObject({ hijacked: false, state: { kind: "up" } });
  bed.lies = "somebody's";
  await bed.clock.advance(5_000);
  expect(bed.monitor.report()).toMatchObject({ hijacked: true, state: { kind: "broken" } });
  expect(bed.asked).toContain("renew");
  bed.monitor.stop();
});

test("only a proof through the socket that the ssh made at the host is sure to be its own", async () => {
  const bed = await carrying();
  expect(new Set(bed.proved)).toEqual(new Set([true]));
  bed.monitor.tell({ kind: "ssh-starting", at: 0 });
  const before = bed.proved.length;
  bed.lies = "the second ssh's";
  await bed.clock.advance(5_000);
  expect(bed.proved).toHaveLength(before);
  bed.monitor.stop();
  const other = open({ ...mux, direction: "host-to-guest", target: "/t.sock", probeEnd: "/s/probe.sock" });
  await other.monitor.carry();
  await other.clock.advance(3_000);
  expect(new Set(other.proved)).toEqual(new Set([false]));
  other.monitor.stop();
});

test("what a second ssh is about to make is not asked for, and asked for when that one failed", async () => {
  const bed = await carrying();
  bed.monitor.tell({ kind: "ssh-starting", at: 0 });
  bed.proof = { kind: "absent" };
  await bed.clock.advance(5_000);
  expect(bed.asked).toEqual([]);
  expect(bed.monitor.report().state).toMatchObject({ kind: "broken", reason: "/s/mux.sock is gone" });
  bed.monitor.kept();
  await bed.clock.advance(100);
  expect(bed.asked).toEqual(["renew"]);
  bed.monitor.stop();
});

test("silence of an ssh that is gone says nothing of the next one", async () => {
  const bed = await carrying();
  let tell = (_: boolean): void => {};
  bed.carries = new Promise((resolve) => {
    tell = resolve;
  });
  bed.proof = { kind: "silent" };
  await bed.clock.advance(3_000);
  bed.monitor.tell(gone);
  bed.proof = { kind: "up", rttMs: 1, facts: undefined };
  await bed.monitor.carry();
  tell(false);
  await bed.clock.advance(0);
  expect(bed.asked).toEqual([]);
  expect(bed.monitor.report()).toMatchObject({ carried: true, state: { kind: "up" } });
  bed.monitor.stop();
});

test("what was asked of the target before says nothing of the one that a link was turned to", async () => {
  const docker: Link = { ...mux, protocol: "docker", direction: "host-to-guest", target: "/old.sock" };
  const bed = open(docker);
  await bed.monitor.carry();
  await bed.clock.advance(3_000);
  let tell = (_: boolean): void => {};
  bed.carries = new Promise((resolve) => {
    tell = resolve;
  });
  bed.proof = { kind: "silent" };
  await bed.clock.advance(3_000);
  bed.proof = { kind: "up", rttMs: 1, facts: undefined };
  const { state } = bed.monitor.report();
  bed.monitor.update({ ...docker, target: "/new.sock" });
  tell(true);
  await bed.clock.advance(0);
  expect(bed.monitor.report().state).toEqual(state);
  bed.monitor.stop();
});
