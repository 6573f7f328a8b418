import { describe, expect, test } from "vitest";
import { timeJump } from "../../../src/cli/agent/sleep-watch.ts";
import { statusText } from "../../../src/cli/agent/status-file.ts";
import { type AgentView, createSinceSeconds, statusOf } from "../../../src/cli/agent/status-of.ts";
import type { Link, LinkState } from "../../../src/cli/links/link.ts";
import type { LinkReport } from "../../../src/cli/links/monitor.ts";
import { reasonText } from "../../../src/cli/links/ssh-reasons.ts";
import { statusMaxBytes } from "../../../src/shared/status.ts";
import { readStatus } from "../../../src/shared/status-reading.ts";

const link: Link = {
  name: "mux",
  protocol: "mux",
  direction: "guest-to-host",
  hostEnd: "/s/mux.sock",
  guestEnd: "/g",
  target: undefined,
  probeEnd: "/s/mux.sock",
  chosen: "",
};
const codec = {
  codec: 44,
  version: "0-unstable-2025-02-23",
  exe: "/nix/store/x/bin/wezterm-mux-server",
  configFile: null,
};
const report = (state: LinkState, more: Partial<LinkReport> = {}): LinkReport => ({
  link,
  state,
  facts: codec,
  hijacked: false,
  carried: true,
  proofs: { begun: 1, ended: 1 },
  ...more,
});
const view = (links: readonly LinkReport[], more: Partial<AgentView> = {}): AgentView => ({
  at: 1_800_000_000_500,
  promiseMs: 10_000,
  version: "0.1.0",
  muxSocket: "/s/mux.sock",
  vm: { state: "running", reason: undefined, since: 1_799_999_000_000 },
  links,
  refused: [],
  guis: [],
  generation: undefined,
  pendingPlan: undefined,
  attention: [],
  ...more,
});
const up: LinkState = { kind: "up", since: 1_800_000_000_100, rttMs: 2.345 };

describe("statusOf", () => {
  test("a link that is up brings the server's codec", () => {
    const status = statusOf(view([report(up)]), createSinceSeconds());
    expect(status).toMatchObject({
      writtenAt: 1_800_000_000,
      nextWriteBy: 1_800_000_010,
      links: [{ name: "mux", state: "up", since: 1_800_000_000, rttMs: 2.3 }],
      mux: { socketPath: "/s/mux.sock", codec: 44, exe: codec.exe },
      codec: { verdict: "unknown" },
    });
    expect(readStatus(JSON.parse(statusText(status)))).toMatchObject({ links: [{ state: "up" }] });
  });

  test("a link that is not up brings no old codec", () => {
    const broken: LinkState = { kind: "broken", since: 1, reason: "reset", nextAttemptAt: 2_500 };
    const status = statusOf(view([report(broken)]), createSinceSeconds());
    expect(status.mux).toEqual({ socketPath: "/s/mux.sock" });
    expect(status.links[0]).toEqual({
      name: "mux",
      state: "broken",
      since: 0,
      reason: "reset",
      nextAttemptAt: 3,
      chosen: "",
    });
  });

  test("another codec of the GUI is explained, a hijack flagged, a refused link named", () => {
    const guis = [{ pid: 1, codec: 42, version: "20240203" }];
    const refused = [{ name: "pg", why: "/a:b contains a colon" }];
    const status = statusOf(view([report(up, { hijacked: true })], { guis, refused }), createSinceSeconds());
    expect(status.codec.verdict).toBe("different");
    expect(status.mux.hijacked).toBe(true);
    expect(status.attention).toEqual([
      status.codec.sentence,
      "The link pg is not made: /a:b contains a colon.",
    ]);
  });

  test("healed within a second is another second; a clock set back begins anew", () => {
    const since = createSinceSeconds();
    expect([
      since("a", 1_100),
      since("a", 1_100),
      since("a", 1_900),
      since("a", 2_000),
      since("a", 500),
    ]).toEqual([1, 1, 2, 3, 0]);
  });
});

test("too many sentences are dropped from the end, never cut", () => {
  const attention = Array.from({ length: 2_000 }, (_, i) => `Sentence ${i} ${"x".repeat(60)}.`);
  const text = statusText(statusOf(view([report(up)], { attention }), createSinceSeconds()));
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(statusMaxBytes);
  expect((JSON.parse(text) as { attention: string[] }).attention[0]).toBe(attention[0]);
});

test("reasons as long as the guest likes do not make it longer than its readers take", () => {
  const reason = reasonText({ kind: "configuration", text: "\u001b".repeat(30_000) });
  expect(reason.length).toBeLessThanOrEqual(200);
  expect(reason).not.toContain("\u001b");
  const state = { kind: "broken", since: 0, reason: "x".repeat(30_000), nextAttemptAt: 3_000 } as const;
  const hundred = Array.from({ length: 104 }, (_, i) => {
    const one = report({ ...state, reason });
    return { ...one, link: { ...one.link, name: `extra-${i}`, chosen: "sockets.extra names it" } };
  });
  const status = statusOf(view([report(state), ...hundred]), createSinceSeconds());
  expect(status.links[0]?.reason).toHaveLength(200);
  const text = statusText(status);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(statusMaxBytes);
  const { links } = JSON.parse(text) as { links: { name: string; state: string; reason: string }[] };
  expect(links).toHaveLength(105);
  expect(links[104]).toMatchObject({ name: "extra-103", state: "broken" });
  expect(links[104]?.reason).toContain("ssh does not accept its");
});

test.each([
  ["nothing", [0, 0], [1_010, 1_005], "none"],
  ["a busy second", [0, 0], [3_500, 3_500], "none"],
  ["sleep on Linux", [0, 0], [3_600_000, 1_000], "slept"],
  ["sleep on macOS", [0, 0], [3_600_000, 3_600_000], "slept"],
  ["stopped for 15 s", [0, 0], [16_000, 16_000], "slept"],
  ["clock set back an hour", [0, 0], [-3_600_000, 1_000], "clock-set"],
] as const)("time jump: %s", (_, [w0, m0], [w1, m1], kind) => {
  expect(timeJump({ wall: w0, monotonic: m0 }, { wall: w1, monotonic: m1 }, 1_000).kind).toBe(kind);
});
