import type { BrokenReason, Description, MachineFacts } from "../machine/facts.ts";
import type { RebuildWish } from "../nixos/rebuild-plan.ts";
import { changedKeys, type KeyChange } from "../settings/diff.ts";
import type { Settings } from "../settings/settings.ts";
import { keysBehind } from "./keys-behind.ts";
import { refuseSmallerRootDisk, refuseToLoseHome, refuseUntouchable, shrunkDisk } from "./refusals.ts";
import type { Step } from "./steps.ts";

/** What a command would do, and what stays to be done after it. Made without I/O from settings and facts alone. */
export interface Plan {
  readonly steps: readonly Step[];
  /** Differences between the settings file and the VM, whether or not a step applies them. */
  readonly changes: readonly KeyChange[];
  /** Keys that the guest's own system has otherwise, and takes from its next rebuild. Only where it has one. */
  readonly rebuildToo?: readonly string[];
  /** lima.yaml is not what ascalon writes, and the next start writes it anew. */
  readonly limaYaml?: Exclude<Description, "as-written" | "lost">;
  /** Which change of the guest's system the steps for that are about. */
  readonly system?: RebuildWish;
}

/** Keys whose difference is not applied by any step of this command. */
export function pendingChanges(plan: Plan): readonly KeyChange[] {
  const applied = new Set(
    plan.steps.flatMap((step) =>
      step.kind === "reconfigure" || step.kind === "apply-live" || step.kind === "record-system"
        ? step.keys
        : [],
    ),
  );
  return plan.changes.filter(({ key }) => !applied.has(key));
}

/** Towards a running, ready VM. */
export function planUp(settings: Settings, facts: MachineFacts): Plan {
  refuseUntouchable(facts);
  const changes = changesOf(settings, facts);
  if (facts.exists === "ours" && (facts.process === "running" || facts.process === "starting")) {
    const steps = [...rescueSteps(facts), ...waitSteps(facts), ...adoptSteps(facts), ...liveSteps(changes)];
    return { steps, changes, ...atNextStart(facts), ...rebuildToo(settings, facts) };
  }
  refuseToLoseHome(facts);
  const down = facts.process === "stopping" ? stopSteps(facts, false) : clearSteps(facts);
  const before = [...rescueSteps(facts), ...down, ...discardSteps(facts)];
  const steps = [...before, ...fromStopped(settings, facts, changes)];
  return { steps, changes, ...rebuildToo(settings, facts) };
}

/** Towards a stopped VM. */
export function planStop(facts: MachineFacts, force: boolean): Plan {
  refuseUntouchable(facts);
  const steps = stopSteps(facts, force);
  return { steps: steps.length === 0 ? [] : [...rescueSteps(facts), ...steps], changes: [] };
}

/** Down, changed where a restart is what a change waits for, and up again. */
export function planRestart(settings: Settings, facts: MachineFacts, force: boolean): Plan {
  refuseUntouchable(facts);
  const changes = changesOf(settings, facts);
  const down = [...rescueSteps(facts), ...stopSteps(facts, force), ...discardSteps(facts)];
  const steps = [...down, ...fromStopped(settings, facts, changes)];
  return { steps, changes, ...rebuildToo(settings, facts) };
}

/** Towards nothing. /home goes only when asked for. */
export function planDestroy(facts: MachineFacts, withHome: boolean): Plan {
  refuseUntouchable(facts);
  const steps: Step[] = [...rescueSteps(facts)];
  // Of half a folder nothing runs: it would have been refused.
  if (facts.exists !== "absent" && facts.exists !== "half") {
    if (!withHome) refuseToLoseHome(facts);
    steps.push(...endSteps(facts, false));
  }
  if (facts.exists !== "absent") steps.push({ kind: "delete" });
  if (withHome && facts.homeDisk) steps.push({ kind: "delete-home-disk" });
  return { steps, changes: [] };
}

const changesOf = (settings: Settings, facts: MachineFacts): readonly KeyChange[] =>
  facts.exists === "ours" && facts.applied ? changedKeys(facts.applied, settings) : [];

function rebuildToo(settings: Settings, facts: MachineFacts): Pick<Plan, "rebuildToo"> {
  const keys = keysBehind(settings, facts);
  return keys.length === 0 ? {} : { rebuildToo: keys };
}

function atNextStart({ description }: MachineFacts): Pick<Plan, "limaYaml"> {
  return description === "edited" || description === "outdated" ? { limaYaml: description } : {};
}

/** First of all: without its lima.yaml limactl can neither start nor stop nor delete it. */
const rescueSteps = ({ description }: MachineFacts): Step[] =>
  description === "lost" ? [{ kind: "redescribe", reason: "lost" }] : [];

function waitSteps({ process, ssh, halted }: MachineFacts): Step[] {
  if (halted)
    return [
      { kind: "resume", halted },
      { kind: "wait", reason: "QEMU paused it" },
    ];
  if (process === "starting") return [{ kind: "wait", reason: "it is booting already" }];
  return ssh.state === "up" ? [] : [{ kind: "wait", reason: "ssh does not answer" }];
}

/** What the VM was made with is not known any more: what the settings say is taken for it. */
const adoptSteps = (facts: MachineFacts): Step[] => (facts.applied ? [] : [{ kind: "adopt" }]);

function liveSteps(changes: readonly KeyChange[]): Step[] {
  const keys = changes.filter(({ effect }) => effect === "live").map(({ key }) => key);
  return keys.length > 0 ? [{ kind: "apply-live", keys }] : [];
}

function stopSteps(facts: MachineFacts, force: boolean): Step[] {
  if (!force) refuseToLoseHome(facts);
  return endSteps(facts, force);
}

function endSteps(facts: MachineFacts, force: boolean): Step[] {
  if (facts.process === "stopped") return [];
  const clear = clearSteps(facts);
  if (clear.length > 0 && !(force && facts.process === "broken")) return clear;
  return [{ kind: "stop", force }];
}

/** What of a crash must be cleared away before anything else. */
function clearSteps(facts: MachineFacts): Step[] {
  if (facts.process === "leftover") return [{ kind: "clear-leftovers" }];
  if (facts.process === "broken") return [{ kind: "recover", reason: brokenSentence(facts) }];
  return [];
}

function discardSteps({ exists }: MachineFacts): Step[] {
  return exists === "incomplete" || exists === "half" ? [{ kind: "discard-incomplete" }] : [];
}

function fromStopped(settings: Settings, facts: MachineFacts, changes: readonly KeyChange[]): Step[] {
  const steps: Step[] = [...homeDiskSteps(settings, facts)];
  if (facts.exists !== "ours") steps.push({ kind: "create" });
  else {
    refuseSmallerRootDisk(settings, facts);
    steps.push(...adoptSteps(facts));
    const keys = changes
      .filter(({ effect }) => effect === "restart" || effect === "live")
      .map(({ key }) => key);
    const { limaYaml } = atNextStart(facts);
    if (keys.length > 0) steps.push({ kind: "reconfigure", keys });
    else if (limaYaml !== undefined) steps.push({ kind: "redescribe", reason: limaYaml });
  }
  steps.push({ kind: "start" });
  return steps;
}

function homeDiskSteps(settings: Settings, facts: MachineFacts): Step[] {
  const { homeBytes } = settings.vm;
  if (!facts.homeDisk) {
    return [{ kind: "create-home-disk", sizeBytes: homeBytes, isLost: facts.exists === "ours" }];
  }
  const { sizeBytes } = facts.homeDisk;
  if (homeBytes > sizeBytes) return [{ kind: "grow-home-disk", fromBytes: sizeBytes, sizeBytes: homeBytes }];
  if (homeBytes < sizeBytes) throw shrunkDisk("vm.home", sizeBytes);
  return [];
}

const brokenSentences: Readonly<Record<BrokenReason, string>> = {
  "driver-gone": "the VM's process is gone, but Lima's host agent is still running",
  "host-agent-gone": "Lima's host agent is gone, but the VM's process is still running",
  "pid-files-gone": "Lima's host agent is running, but its pid files are gone",
};

const brokenSentence = ({ brokenReason }: MachineFacts): string =>
  brokenSentences[brokenReason ?? "host-agent-gone"];
