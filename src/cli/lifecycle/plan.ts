import { AscalonError } from "../errors.ts";
import type { MachineFacts } from "../machine/facts.ts";
import { changedKeys, type KeyChange } from "../settings/diff.ts";
import type { Settings } from "../settings/settings.ts";
import type { Step } from "./steps.ts";

/** What a command would do, and what stays to be done after it. Made without I/O from settings and facts alone. */
export interface Plan {
  readonly steps: readonly Step[];
  /** Differences between the settings file and the VM, whether or not a step applies them. */
  readonly changes: readonly KeyChange[];
}

/** Keys whose difference is not applied by any step of this command. */
export function pendingChanges(plan: Plan): readonly KeyChange[] {
  const applied = new Set(
    plan.steps.flatMap((step) =>
      step.kind === "reconfigure" || step.kind === "apply-live" ? step.keys : [],
    ),
  );
  return plan.changes.filter(({ key }) => !applied.has(key));
}

/** Towards a running, ready VM. */
export function planUp(settings: Settings, facts: MachineFacts): Plan {
  refuseForeign(facts);
  const changes = facts.exists === "ours" && facts.applied ? changedKeys(facts.applied, settings) : [];
  if (facts.process === "running" && facts.exists === "ours") {
    const steps: Step[] = facts.ssh.state === "up" ? [] : [{ kind: "wait", reason: "ssh does not answer" }];
    return { steps: [...steps, ...liveSteps(changes)], changes };
  }
  if (facts.process === "starting" && facts.exists === "ours") {
    return { steps: [{ kind: "wait", reason: "it is booting already" }, ...liveSteps(changes)], changes };
  }
  return { steps: [...toStopped(facts), ...fromStopped(settings, facts, changes)], changes };
}

/** Towards a stopped VM. */
export function planStop(facts: MachineFacts, force: boolean): Plan {
  refuseForeign(facts);
  const steps = ((): Step[] => {
    switch (facts.process) {
      case "stopped":
        return [];
      case "broken":
        return [{ kind: "recover", reason: brokenSentence(facts) }];
      case "leftover":
        return [{ kind: "clear-leftovers" }];
      default:
        return [{ kind: "stop", force }];
    }
  })();
  return { steps, changes: [] };
}

/** Down, changed where a restart is what a change waits for, and up again. */
export function planRestart(settings: Settings, facts: MachineFacts, force: boolean): Plan {
  refuseForeign(facts);
  const changes = facts.applied ? changedKeys(facts.applied, settings) : [];
  const down = planStop(facts, force).steps;
  return { steps: [...down, ...fromStopped(settings, { ...facts, process: "stopped" }, changes)], changes };
}

/** Towards nothing. /home goes only when asked for. */
export function planDestroy(facts: MachineFacts, withHome: boolean): Plan {
  refuseForeign(facts);
  const steps: Step[] = [];
  if (facts.exists !== "absent" && facts.exists !== "half") steps.push(...planStop(facts, false).steps);
  if (facts.exists !== "absent") steps.push({ kind: "delete" });
  if (withHome && facts.homeDisk) steps.push({ kind: "delete-home-disk" });
  return { steps, changes: [] };
}

function liveSteps(changes: readonly KeyChange[]): Step[] {
  const keys = changes.filter(({ effect }) => effect === "live").map(({ key }) => key);
  return keys.length > 0 ? [{ kind: "apply-live", keys }] : [];
}

function toStopped(facts: MachineFacts): Step[] {
  const steps: Step[] = [];
  if (facts.process === "leftover") steps.push({ kind: "clear-leftovers" });
  if (facts.process === "broken") steps.push({ kind: "recover", reason: brokenSentence(facts) });
  if (facts.process === "stopping") steps.push({ kind: "stop", force: false });
  if (facts.exists === "incomplete" || facts.exists === "half") steps.push({ kind: "discard-incomplete" });
  return steps;
}

function fromStopped(settings: Settings, facts: MachineFacts, changes: readonly KeyChange[]): Step[] {
  const steps: Step[] = [...homeDiskSteps(settings, facts)];
  if (facts.exists !== "ours") steps.push({ kind: "create" });
  else {
    refuseSmallerRootDisk(settings, facts);
    const keys = changes
      .filter(({ effect }) => effect === "restart" || effect === "live")
      .map(({ key }) => key);
    if (keys.length > 0) steps.push({ kind: "reconfigure", keys });
  }
  steps.push({ kind: "start" });
  return steps;
}

function homeDiskSteps(settings: Settings, facts: MachineFacts): Step[] {
  const { homeBytes } = settings.vm;
  if (!facts.homeDisk) return [{ kind: "create-home-disk", sizeBytes: homeBytes }];
  const { sizeBytes } = facts.homeDisk;
  if (homeBytes > sizeBytes) return [{ kind: "grow-home-disk", fromBytes: sizeBytes, sizeBytes: homeBytes }];
  if (homeBytes < sizeBytes) throw shrink("vm.home", sizeBytes);
  return [];
}

function refuseSmallerRootDisk(settings: Settings, facts: MachineFacts): void {
  const before = facts.applied?.vm.diskBytes;
  if (before !== undefined && settings.vm.diskBytes < before) throw shrink("vm.disk", before);
}

function shrink(key: string, bytes: number): AscalonError {
  const gib = `${bytes / 1024 ** 3}GiB`;
  return new AscalonError("E_DISK_SHRINK", {
    what: `${key} is smaller than the disk that exists (${gib})`,
    why: "a disk cannot be made smaller without losing what it holds",
    run: `ascalon config set ${key} ${gib}`,
  });
}

function refuseForeign(facts: MachineFacts): void {
  if (facts.exists !== "foreign") return;
  throw new AscalonError("E_FOREIGN_INSTANCE", {
    what: `the Lima instance ${facts.folder} was not made by ascalon`,
    why: "ascalon never touches an instance of somebody else",
    run: "limactl rename ascalon NEWNAME    (limactl stop it first)",
  });
}

function brokenSentence(facts: MachineFacts): string {
  return facts.brokenReason === "driver-gone"
    ? "the VM's process is gone and Lima's host agent still runs"
    : "Lima's host agent is gone and the VM's process still runs";
}
