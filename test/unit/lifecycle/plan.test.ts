import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AscalonError } from "../../../src/cli/errors.ts";
import { withSystemSteps } from "../../../src/cli/lifecycle/first-system.ts";
import {
  type Plan,
  pendingChanges,
  planDestroy,
  planRestart,
  planStop,
  planUp,
} from "../../../src/cli/lifecycle/plan.ts";
import type { Step } from "../../../src/cli/lifecycle/steps.ts";
import type { Existence, MachineFacts, ProcessState } from "../../../src/cli/machine/facts.ts";
import { changedKeys } from "../../../src/cli/settings/diff.ts";
import { withLiveKeys, withRestartKeys } from "../../../src/cli/settings/merge.ts";
import { resolveSettings } from "../../../src/cli/settings/resolve.ts";
import type { Settings } from "../../../src/cli/settings/settings.ts";
import { testHost } from "../../support/fake-context.ts";
import { factsOf, settingsOf } from "../../support/machine-facts.ts";
import { anyWritten } from "../../support/settings-arbitraries.ts";

const settings = settingsOf();
const nothing = "(nothing)";

const stepText = (step: Step): string => {
  if (step.kind === "stop" && step.force) return "stop --force";
  if (step.kind === "create-home-disk" && step.isLost) return "create-home-disk (lost)";
  return "keys" in step ? `${step.kind} ${step.keys.join(",")}` : step.kind;
};

/** The steps in one line, or the code of the error. */
function lineOf(plan: () => Plan): string {
  try {
    return plan().steps.map(stepText).join(" > ") || nothing;
  } catch (error) {
    if (error instanceof AscalonError) return error.code;
    throw error;
  }
}

type Case = readonly [Existence, ProcessState, up: string, stop: string, restart: string, destroy: string];

/** Every pair that can be: a folder that is absent has no processes, and nothing in an incomplete one was ever started. */
const table: readonly Case[] = [
  // exists, process, up, stop, restart, destroy
  [
    "absent",
    "stopped",
    "create-home-disk > create > start",
    nothing,
    "create-home-disk > create > start",
    nothing,
  ],
  ["foreign", "stopped", ...foreign()],
  ["foreign", "running", ...foreign()],
  ["foreign", "starting", ...foreign()],
  ["foreign", "broken", ...foreign()],
  ["foreign", "leftover", ...foreign()],
  ["foreign-half", "stopped", ...half()],
  ["foreign-half", "running", ...half()],
  ["foreign-half", "leftover", ...half()],
  [
    "half",
    "stopped",
    "discard-incomplete > create > start",
    nothing,
    "discard-incomplete > create > start",
    "delete",
  ],
  [
    "half",
    "leftover",
    "clear-leftovers > discard-incomplete > create > start",
    "clear-leftovers",
    "clear-leftovers > discard-incomplete > create > start",
    "delete",
  ],
  ["half", "running", ...half()],
  ["half", "starting", ...half()],
  ["half", "stopping", ...half()],
  ["half", "broken", ...half()],
  [
    "incomplete",
    "stopped",
    "discard-incomplete > create > start",
    nothing,
    "discard-incomplete > create > start",
    "delete",
  ],
  ["ours", "stopped", "start", nothing, "start", "delete"],
  ["ours", "starting", "wait", "stop", "stop > start", "stop > delete"],
  ["ours", "running", nothing, "stop", "stop > start", "stop > delete"],
  ["ours", "stopping", "stop > start", "stop", "stop > start", "stop > delete"],
  ["ours", "broken", "recover > start", "recover", "recover > start", "recover > delete"],
  [
    "ours",
    "leftover",
    "clear-leftovers > start",
    "clear-leftovers",
    "clear-leftovers > start",
    "clear-leftovers > delete",
  ],
];

function foreign() {
  return ["E_FOREIGN_INSTANCE", "E_FOREIGN_INSTANCE", "E_FOREIGN_INSTANCE", "E_FOREIGN_INSTANCE"] as const;
}

function half() {
  return ["E_INSTANCE_HALF", "E_INSTANCE_HALF", "E_INSTANCE_HALF", "E_INSTANCE_HALF"] as const;
}

describe("plans by what exists and what runs", () => {
  it.each(table)("%s, %s: up %s · stop %s · restart %s · destroy %s", (exists, process, ...expected) => {
    const facts = factsOf(exists, process);
    expect([
      lineOf(() => planUp(settings, facts)),
      lineOf(() => planStop(facts, false)),
      lineOf(() => planRestart(settings, facts, false)),
      lineOf(() => planDestroy(facts, false)),
    ]).toEqual(expected);
  });
});

describe("plan details", () => {
  const up = (facts: MachineFacts, wanted = settings): string => lineOf(() => planUp(wanted, facts));
  const gib = 1024 ** 3;
  const homeless = factsOf("ours", "running", { homeDisk: undefined });
  const endings = (facts: MachineFacts): string =>
    [
      up(facts),
      lineOf(() => planStop(facts, false)),
      lineOf(() => planRestart(settings, facts, false)),
      lineOf(() => planDestroy(facts, false)),
    ].join(" | ");
  const withSystem = (boot: boolean): Plan =>
    withSystemSteps(
      { steps: [], changes: [] },
      { host: "ascalon", boot, rollback: true, confirmSeconds: 1 },
      homeless,
    );

  it.each<[string, string, string]>([
    [
      "a running VM whose ssh is silent is waited for",
      up(factsOf("ours", "running", { sshState: "silent" })),
      "wait",
    ],
    ["and one whose ssh is refused", up(factsOf("ours", "running", { sshState: "refused" })), "wait"],
    ["stop --force", lineOf(() => planStop(factsOf("ours", "running"), true)), "stop --force"],
    [
      "stop --force of a broken VM asks no guest",
      lineOf(() => planStop(factsOf("ours", "broken"), true)),
      "stop --force",
    ],
    [
      "stop --force never meets another's pid: what is left over is only cleared",
      lineOf(() => planStop(factsOf("ours", "leftover"), true)),
      "clear-leftovers",
    ],
    [
      "restart --force",
      lineOf(() => planRestart(settings, factsOf("ours", "running"), true)),
      "stop --force > start",
    ],
    [
      "a live key of a running VM is applied",
      up(factsOf("ours", "running"), settingsOf("bridge: {allow: [op]}")),
      "apply-live bridge.allow",
    ],
    [
      "a restart key of a running VM waits",
      up(factsOf("ours", "running"), settingsOf("vm: {cpus: 2}")),
      nothing,
    ],
    [
      "and of a stopped one is applied",
      up(factsOf("ours", "stopped"), settingsOf("vm: {cpus: 2}")),
      "reconfigure vm.cpus > start",
    ],
    [
      "a recreate key is never applied",
      up(factsOf("ours", "stopped"), settingsOf("user: {name: mia}")),
      "start",
    ],
    [
      "a larger home grows while the VM is stopped",
      up(factsOf("ours", "stopped"), settingsOf("vm: {home: 60GiB}")),
      "grow-home-disk > reconfigure vm.home > start",
    ],
    ["and waits while it runs", up(factsOf("ours", "running"), settingsOf("vm: {home: 60GiB}")), nothing],
    [
      "a smaller home is refused",
      up(factsOf("ours", "stopped"), settingsOf("vm: {home: 40GiB}")),
      "E_DISK_SHRINK",
    ],
    [
      "so is a smaller root disk",
      up(factsOf("ours", "stopped"), settingsOf("vm: {disk: 40GiB}")),
      "E_DISK_SHRINK",
    ],
    [
      "a home that was kept is found again",
      up(factsOf("absent", "stopped", { homeDisk: { sizeBytes: 50 * gib, allocatedBytes: 0 } })),
      "create > start",
    ],
    [
      "and one that is smaller than wanted grows first",
      up(factsOf("absent", "stopped", { homeDisk: { sizeBytes: 40 * gib, allocatedBytes: 0 } })),
      "grow-home-disk > create > start",
    ],
    [
      "a home disk that vanished is made again, and called lost",
      up(factsOf("ours", "stopped", { homeDisk: undefined })),
      "create-home-disk (lost) > start",
    ],
    [
      "one that QEMU paused is resumed first",
      up(factsOf("ours", "running", { sshState: "silent", halted: { freeBytes: gib } })),
      "resume > wait",
    ],
    [
      "a VM that has the home disk's file alone runs on",
      endings(factsOf("ours", "running", { homeDisk: undefined })),
      `${nothing} | E_HOME_LOST | E_HOME_LOST | E_HOME_LOST`,
    ],
    [
      "and is not repaired at the price of /home",
      endings(factsOf("ours", "broken", { homeDisk: undefined })),
      "E_HOME_LOST | E_HOME_LOST | E_HOME_LOST | E_HOME_LOST",
    ],
    [
      "nor one whose processes nobody names any more",
      endings(
        factsOf("ours", "broken", {
          homeDisk: undefined,
          driver: { pid: undefined, state: "absent" },
          brokenReason: "pid-files-gone",
        }),
      ),
      "E_HOME_LOST | E_HOME_LOST | E_HOME_LOST | E_HOME_LOST",
    ],
    [
      "one that shuts down is past help",
      endings(factsOf("ours", "stopping", { homeDisk: undefined })),
      "stop > create-home-disk (lost) > start | stop | stop > create-home-disk (lost) > start | stop > delete",
    ],
    ["stop --force ends it", lineOf(() => planStop(homeless, true)), "stop --force"],
    [
      "restart --force too",
      lineOf(() => planRestart(settings, homeless, true)),
      "stop --force > create-home-disk (lost) > start",
    ],
    ["destroy --with-home too", lineOf(() => planDestroy(homeless, true)), "stop > delete"],
    ["rebuild --boot restarts it, and does not", lineOf(() => withSystem(true)), "E_HOME_LOST"],
    ["a live switch does not", lineOf(() => withSystem(false)).slice(0, 12), "upload-flake"],
    [
      "a lost record of the settings is made again",
      up(factsOf("ours", "stopped", { applied: undefined })),
      "adopt > start",
    ],
    ["also while the VM runs", up(factsOf("ours", "running", { applied: undefined })), "adopt"],
    [
      "destroy --with-home",
      lineOf(() => planDestroy(factsOf("ours", "stopped"), true)),
      "delete > delete-home-disk",
    ],
    [
      "destroy --with-home after destroy",
      lineOf(() =>
        planDestroy(factsOf("absent", "stopped", { homeDisk: { sizeBytes: 1, allocatedBytes: 1 } }), true),
      ),
      "delete-home-disk",
    ],
    [
      "destroy --with-home of nothing",
      lineOf(() => planDestroy(factsOf("absent", "stopped"), true)),
      nothing,
    ],
  ])("%s", (_name, found, expected) => {
    expect(found).toBe(expected);
  });

  it("a disk of a size that is no whole GiB is named in a form the settings take", () => {
    const facts = factsOf("ours", "stopped", {
      homeDisk: { sizeBytes: 100_000 * 1024 ** 2, allocatedBytes: 0 },
    });
    expect(() => planUp(settings, facts)).toThrowError("(100000MiB)");
  });

  it.each<[string, MachineFacts["description"], ProcessState, up: string, restart: string, stop: string]>([
    ["lost", "lost", "stopped", "redescribe > start", "redescribe > start", nothing],
    ["lost, running", "lost", "running", "redescribe", "redescribe > stop > start", "redescribe > stop"],
    ["edited", "edited", "stopped", "redescribe > start", "redescribe > start", nothing],
    ["edited, running", "edited", "running", nothing, "stop > redescribe > start", "stop"],
    ["outdated", "outdated", "stopped", "redescribe > start", "redescribe > start", nothing],
    ["as it was written", "as-written", "stopped", "start", "start", nothing],
  ])("lima.yaml is %s", (_name, description, process, ...expected) => {
    const facts = factsOf("ours", process, { description });
    expect([
      up(facts),
      lineOf(() => planRestart(settings, facts, false)),
      lineOf(() => planStop(facts, false)),
    ]).toEqual(expected);
  });

  it("changed settings write it anew anyway", () => {
    const facts = factsOf("ours", "stopped", { description: "edited" });
    expect(up(facts, settingsOf("vm:\n  cpus: 3\n"))).toBe("reconfigure vm.cpus > start");
  });

  it("half a folder whose VM runs names the process, because its disk is in use", () => {
    const plan = () => planUp(settings, factsOf("half", "running"));
    expect(plan).toThrowError(/no lima.yaml and the VM's process 671 still runs/);
  });
});

const anySettings: fc.Arbitrary<Settings> = anyWritten
  .map((written) => resolveSettings(written, testHost))
  .filter((resolved) => "settings" in resolved)
  .map(({ settings }) => settings);

const effectsOf = (before: Settings, after: Settings): ReadonlySet<string> =>
  new Set(changedKeys(before, after).map(({ effect }) => effect));

it("a folder whose name has a space is removed by what is told to remove it, and nothing else", () => {
  const facts = { ...factsOf("foreign-half", "stopped"), folder: "/Volumes/My Disk/lima/ascalon" };
  expect(() => planUp(settingsOf(), facts)).toThrow(
    expect.objectContaining({ run: expect.stringContaining("rm -r '/Volumes/My Disk/lima/ascalon')") }),
  );
});

describe("plans of any settings", () => {
  it("the plan of the settings a VM runs with is empty", () => {
    fc.assert(
      fc.property(anySettings, (any) => {
        expect(planUp(any, factsOf("ours", "running", { applied: any }))).toEqual({ steps: [], changes: [] });
      }),
    );
  });

  it("the record of them, written and read, changes nothing", () => {
    fc.assert(
      fc.property(anySettings, (any) => {
        const applied = JSON.parse(JSON.stringify(any)) as Settings;
        expect(planUp(any, factsOf("ours", "running", { applied })).changes).toEqual([]);
      }),
    );
  });

  it("applying the live keys leaves exactly the others pending", () => {
    fc.assert(
      fc.property(anySettings, anySettings, (before, after) => {
        const left = changedKeys(withLiveKeys(before, after), after);
        expect(left).toEqual(changedKeys(before, after).filter(({ effect }) => effect !== "live"));
      }),
    );
  });

  it("applying the restart keys leaves exactly rebuild and recreate pending", () => {
    fc.assert(
      fc.property(anySettings, anySettings, (before, after) => {
        const left = changedKeys(withRestartKeys(before, after), after);
        const kept = changedKeys(before, after).filter(
          ({ effect }) => effect === "rebuild" || effect === "recreate",
        );
        expect(left).toEqual(kept);
      }),
    );
  });

  it("what a plan calls pending is what its steps leave", () => {
    fc.assert(
      fc.property(
        anySettings,
        anySettings,
        fc.constantFrom<ProcessState>("running", "stopped"),
        (before, after, process) => {
          const homeDisk = {
            sizeBytes: Math.min(before.vm.homeBytes, after.vm.homeBytes),
            allocatedBytes: 0,
          };
          const wanted = {
            ...after,
            vm: { ...after.vm, diskBytes: Math.max(before.vm.diskBytes, after.vm.diskBytes) },
          };
          const plan = planUp(wanted, factsOf("ours", process, { applied: before, homeDisk }));
          const then = process === "running" ? withLiveKeys(before, wanted) : withRestartKeys(before, wanted);
          expect(pendingChanges(plan)).toEqual(changedKeys(then, wanted));
          expect(effectsOf(then, wanted).has("live")).toBe(false);
        },
      ),
    );
  });
});
