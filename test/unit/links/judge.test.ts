import { expect, test } from "vitest";
import { type Evidence, judge } from "../../../src/cli/links/judge.ts";
import type { Link } from "../../../src/cli/links/link.ts";
import type { ProbeResult } from "../../../src/cli/links/probes/probe.ts";

const mux: Link = {
  name: "mux",
  protocol: "mux",
  direction: "guest-to-host",
  hostEnd: "/s/mux.sock",
  guestEnd: "/g/sock",
  target: undefined,
  probeEnd: "/s/mux.sock",
  chosen: "",
};
const docker: Link = {
  ...mux,
  name: "docker",
  protocol: "docker",
  direction: "host-to-guest",
  hostEnd: "/s/host-docker.sock",
  target: "/d.sock",
  probeEnd: "/s/probe-docker.sock",
};

const results = {
  up: { kind: "up", rttMs: 1, facts: { exe: "/Applications/W.app/x" } },
  absent: { kind: "absent" },
  refused: { kind: "refused", code: "ECONNREFUSED" },
  forbidden: { kind: "refused", code: "EACCES" },
  guarded: { kind: "refused", code: "EPERM" },
  closed: { kind: "closed" },
  silent: { kind: "silent" },
  malformed: { kind: "malformed", why: "not HTTP" },
} as const satisfies Record<string, ProbeResult>;
type Name = keyof typeof results;

const evidence = (link: Link, probe: Name, direct?: Name, more: Partial<Evidence> = {}): Evidence => ({
  link,
  probe: results[probe],
  direct: direct === undefined ? undefined : results[direct],
  ours: true,
  greets: undefined,
  carries: undefined,
  ...more,
});

test.each<[string, Evidence, string, string, string]>([
  ["mux up", evidence(mux, "up"), "proved", "none", ""],
  ["host end gone", evidence(mux, "absent"), "failed", "renew", "/s/mux.sock is gone"],
  ["host end dead", evidence(mux, "refused"), "failed", "renew", "/s/mux.sock is gone"],
  [
    "no server in the guest",
    evidence(mux, "closed"),
    "target-absent",
    "none",
    "the mux server in the VM does not listen",
  ],
  ["frozen", evidence(mux, "silent", undefined, { greets: false }), "failed", "none", "the VM is frozen"],
  [
    "half dead",
    evidence(mux, "silent", undefined, { greets: true }),
    "failed",
    "replace",
    "nothing comes through",
  ],
  [
    "a server in the guest that hangs, or a long queue",
    evidence(mux, "silent", undefined, { greets: true, carries: true }),
    "failed",
    "none",
    "the mux server in the VM accepts connections but does not answer",
  ],
  ["not a mux", evidence(mux, "malformed"), "failed", "none", "the mux server in the VM: not HTTP"],
  [
    "hijacked",
    evidence(mux, "up", undefined, { ours: false }),
    "failed",
    "renew",
    "/Applications/W.app/x on this machine took over /s/mux.sock",
  ],
  [
    "hijacked by a mute",
    evidence(mux, "silent", undefined, { ours: false }),
    "failed",
    "renew",
    "another program took over",
  ],
  [
    "removed, not hijacked",
    evidence(mux, "absent", undefined, { ours: false }),
    "failed",
    "renew",
    "is gone",
  ],
  ["docker up", evidence(docker, "up"), "proved", "none", ""],
  [
    "docker not started",
    evidence(docker, "closed", "absent"),
    "target-absent",
    "none",
    "Docker is not there (/d.sock)",
  ],
  [
    "docker crashed",
    evidence(docker, "closed", "refused"),
    "target-absent",
    "none",
    "Docker does not listen (/d.sock)",
  ],
  [
    "docker is another group's",
    evidence(docker, "closed", "forbidden"),
    "target-absent",
    "none",
    'Docker may not be used (EACCES): its mode forbids it (on Linux: sudo usermod -aG docker "$USER"',
  ],
  [
    "an agent that macOS guards",
    evidence({ ...docker, protocol: "ssh-agent" }, "closed", "guarded"),
    "target-absent",
    "none",
    "the ssh agent may not be used (EPERM): the system keeps it from this program (on a Mac: Full Disk Access",
  ],
  [
    "docker closes",
    evidence(docker, "closed", "closed"),
    "target-absent",
    "none",
    "Docker does not listen (/d.sock)",
  ],
  [
    "guest socket gone",
    evidence(docker, "closed", "up"),
    "failed",
    "renew",
    "/g/sock in the VM leads nowhere",
  ],
  [
    "docker hangs",
    evidence(docker, "silent", "silent"),
    "failed",
    "none",
    "Docker accepts connections but does not answer",
  ],
  [
    "connection hangs",
    evidence(docker, "silent", "up", { greets: true }),
    "failed",
    "replace",
    "nothing comes through",
  ],
  [
    "Docker answers, its link does not, others do",
    evidence(docker, "silent", "up", { greets: true, carries: true }),
    "failed",
    "none",
    "/g/sock in the VM does not answer, but Docker does",
  ],
  ["VM hangs", evidence(docker, "silent", "up", { greets: false }), "failed", "none", "the VM is frozen"],
  ["something else is there", evidence(docker, "closed", "malformed"), "failed", "none", "Docker: not HTTP"],
  ["probe forward gone", evidence(docker, "refused"), "failed", "renew", "/s/probe-docker.sock is gone"],
])("%s", (_, given, kind, action, reason) => {
  const verdict = judge(given);
  expect([verdict.kind, verdict.action]).toEqual([kind, action]);
  expect(verdict.reason).toContain(reason);
});
