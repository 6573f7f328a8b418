import { stateFiles } from "../../shared/plugin-contract.ts";
import type { Paths } from "../paths.ts";
import { keptNames } from "../projections/agent-service.ts";
import { type DescribedService, readDescription } from "../projections/described-service.ts";
import { hasGuiDomain } from "./launchd.ts";
import { managerOf } from "./manager-of.ts";
import { findNixService } from "./nix-service.ts";
import { identityOf, isSameOwner } from "./service-identity.ts";
import { callManager, type ServiceHost } from "./service-manager.ts";
import { describe, type ServicePlan } from "./service-plan.ts";
import { type AgentStatus, isOfThisBuild, readAgentStatus } from "./status-file.ts";

export interface ServiceState {
  readonly installed: boolean;
  /** The description is for another settings file or state folder: another configuration's agent. */
  readonly foreign: boolean;
  /** Described as this ascalon would: same program, same folders. The shell's PATH does not count. */
  readonly current: boolean;
  /** A process of it lives; null: its manager does not say. */
  readonly running: boolean | null;
}

export async function observeService(host: ServiceHost, plan: ServicePlan): Promise<ServiceState> {
  const text = await host.files.readText(plan.file);
  if (text === undefined) return { installed: false, foreign: false, current: false, running: false };
  const described = readDescription(text);
  const seen = await managerOf(host).look();
  return {
    installed: true,
    foreign: isForeign(host, plan, described),
    current: await isCurrent(host, plan, described, text),
    running: seen === "mute" ? null : seen === "running",
  };
}

const isForeign = ({ host }: ServiceHost, plan: ServicePlan, described: DescribedService): boolean =>
  !isSameOwner(identityOf(described, host), identityOf(plan.service, host));

/** The description of another configuration; undefined when there is none, or it is ours. */
async function findForeign(host: ServiceHost, plan: ServicePlan): Promise<DescribedService | undefined> {
  for (const file of plan.places) {
    const text = await host.files.readText(file);
    const described = text === undefined ? undefined : readDescription(text);
    if (described && isForeign(host, plan, described)) return described;
  }
  return undefined;
}

/** Asks no manager. */
export async function isDescribed(host: ServiceHost, plan: ServicePlan): Promise<boolean> {
  const text = await host.files.readText(plan.file);
  return text !== undefined && (await isCurrent(host, plan, readDescription(text), text));
}

/**
 * Whether the text is what this ascalon would write, but for what differs from shell to shell: PATH, and which Node runs
 * the script while that Node is there.
 */
async function isCurrent(
  host: ServiceHost,
  { service }: ServicePlan,
  described: DescribedService,
  text: string,
): Promise<boolean> {
  const [theirs, ours] = [identityOf(described, host.host), identityOf(service, host.host)];
  const node = described.argv[0] ?? "";
  const { environment } = described;
  return (
    theirs.script === ours.script &&
    theirs.limaHome === ours.limaHome &&
    isSameOwner(theirs, ours) &&
    (node === ours.script || node === service.argv[0] || (await host.files.isExecutable(node))) &&
    keptNames.every((name) => environment[name] === service.environment[name]) &&
    ["PATH", "LANG"].every((name) => name in environment || !(name in service.environment)) &&
    text === describe({ ...service, argv: described.argv, environment }, host.host.platform)
  );
}

export const noManagerWhy = ({ host }: Pick<ServiceHost, "host">): string =>
  host.platform === "darwin"
    ? "this user is not logged in at the Mac's screen, and launchd runs agents only in such a login"
    : "no service manager is running for this login (systemd --user)";

/** Whether this login has a service manager. Without one nothing is written. */
export async function hasServiceManager(service: ServiceHost): Promise<boolean> {
  const { env, host, uid, files } = service;
  if (host.platform === "darwin") return await hasGuiDomain(service);
  const runtime = env.XDG_RUNTIME_DIR || `/run/user/${uid}`;
  return (await files.info(`${runtime}/systemd/private`))?.kind === "socket";
}

/** What was wrong with the agent that is there; `none`: there was none; `nix`: that of Nix did not write. */
export type Repaired = "none" | "nix" | "other-program" | "ended" | "silent" | "other-version";

export type ServiceChange =
  | { readonly kind: "no-manager" }
  | { readonly kind: "done"; readonly repaired: Repaired }
  | { readonly kind: "unchanged" }
  /** Nix has described one, which runs: there is to be no second. */
  | { readonly kind: "nix" }
  /** The agent of another configuration is installed, and is left alone. */
  | { readonly kind: "foreign"; readonly described: DescribedService }
  /** `why`: the call that failed, and its words. */
  | { readonly kind: "failed"; readonly why: string };

type StatePaths = Pick<Paths, "logDir" | "stateDir">;

/** An agent that has just started writes within a few seconds, on a busy machine too; after a sleep within two. */
const settleMs = 15_000;
const pollMs = 250;

async function settledStatus(host: ServiceHost, { stateDir }: StatePaths): Promise<AgentStatus> {
  const until = host.clock.monotonic() + settleMs;
  for (;;) {
    const status = await readAgentStatus(host, `${stateDir}/${stateFiles.status}`);
    if (status.state === "fresh" || host.clock.monotonic() >= until) return status;
    await host.clock.sleep(pollMs);
  }
}

async function whatIsWrong(
  host: ServiceHost,
  paths: StatePaths,
  state: ServiceState,
): Promise<Repaired | undefined> {
  if (!state.installed) return "none";
  if (!state.current) return "other-program";
  if (state.running === false) return "ended";
  const status = await settledStatus(host, paths);
  if (status.state !== "fresh") return "silent";
  return isOfThisBuild(status.status) ? undefined : "other-version";
}

/** Idempotent: an agent that runs, writes, and is described as it should be is left alone. */
export async function installService(
  host: ServiceHost,
  paths: StatePaths,
  plan: ServicePlan,
): Promise<ServiceChange> {
  const described = await findForeign(host, plan);
  if (described) return { kind: "foreign", described };
  const nix = await findNixService(host, paths);
  if (nix) {
    if ((await settledStatus(host, paths)).state === "fresh") return { kind: "nix" };
    if (!(await hasServiceManager(host))) return { kind: "no-manager" };
    return outcome("nix", (await callManager(host, nix.restart, 45_000)).failure);
  }
  const state = await observeService(host, plan);
  const repaired = await whatIsWrong(host, paths, state);
  if (repaired === undefined) return { kind: "unchanged" };
  if (!(await hasServiceManager(host))) return { kind: "no-manager" };
  const manager = managerOf(host);
  await host.files.makeFolder(paths.logDir);
  const failure =
    state.current && (await manager.look()) !== "absent" && (await manager.restart()) === undefined
      ? undefined
      : await loadAnew(host, plan);
  return outcome(repaired, failure);
}

const outcome = (repaired: Repaired, failure: string | undefined): ServiceChange =>
  failure === undefined ? { kind: "done", repaired } : { kind: "failed", why: failure };

async function loadAnew(host: ServiceHost, plan: ServicePlan): Promise<string | undefined> {
  await host.files.writeAtomic(plan.file, plan.text, 0o600);
  return managerOf(host).load(plan.file);
}

export async function uninstallService(host: ServiceHost, plan: ServicePlan): Promise<ServiceChange> {
  if ((await host.files.info(plan.file)) === undefined) return { kind: "unchanged" };
  const described = await findForeign(host, plan);
  if (described) return { kind: "foreign", described };
  const manager = managerOf(host);
  const failure = await manager.unload();
  await host.files.remove(plan.file);
  const why = failure ?? (await manager.forget());
  return outcome("none", why);
}
