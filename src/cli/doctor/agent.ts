import { stateFiles } from "../../shared/plugin-contract.ts";
import { staleFor } from "../../shared/status.ts";
import { guardedFix, guardedPlaceOf, guardedWords } from "../agent/guarded-place.ts";
import { observeService, type ServiceState } from "../agent/install.ts";
import { findNixService, type NixService } from "../agent/nix-service.ts";
import { type ServicePlan, serviceFile } from "../agent/service-plan.ts";
import { type AgentStatus, isOfThisBuild, readAgentStatus, thisBuildWords } from "../agent/status-file.ts";
import { quote } from "../quote.ts";
import { check, type DoctorPort, type Finding } from "./check.ts";

type Seen = Omit<Finding, "id">;

const fix = "ascalon agent install";

/** Nix described an agent for the same state folder. */
function besideNix(
  service: ServicePlan,
  nix: NixService,
  { state, status }: { readonly state: ServiceState; readonly status: AgentStatus },
): Seen | undefined {
  if (state.installed && !state.foreign)
    return {
      verdict: "warning",
      evidence: `two agents are installed, and one waits for the other: ${service.file}, and ${nix.file} of the Nix configuration`,
      fix: "ascalon agent uninstall",
    };
  if (status.state === "fresh") return undefined;
  const evidence = `the agent of the Nix configuration (${nix.file}) does not write its status`;
  return { verdict: "problem", evidence, fix };
}

/** The settings want no agent of the login, or another configuration has it. */
function withoutOwn(
  port: DoctorPort,
  service: ServicePlan,
  { state, status }: { readonly state: ServiceState; readonly status: AgentStatus },
): Seen | undefined {
  const { agentEnabled } = port;
  const writes = status.state === "fresh";
  if (state.installed && !state.foreign) {
    if (agentEnabled) return undefined;
    const evidence = `${service.file} is there although agent.enabled is false`;
    return { verdict: "warning", evidence, fix: "ascalon agent uninstall" };
  }
  if (writes) {
    if (!isOfThisBuild(status.status)) {
      const evidence = `an agent of ascalon ${status.status.ascalon} is running that ascalon did not install; this is ${thisBuildWords(status.status)}`;
      return {
        verdict: "warning",
        evidence,
        fix: "restart it, in its terminal or through the Nix configuration",
      };
    }
    return {
      verdict: "ok",
      evidence: "an agent is running that ascalon did not install (Nix, or a terminal)",
    };
  }
  if (!agentEnabled) return { verdict: "ok", evidence: "none is wanted: agent.enabled is false" };
  if (!state.foreign) return { verdict: "warning", evidence: `${service.file} does not exist`, fix };
  const evidence = `${service.file} belongs to another configuration: one agent per login`;
  return { verdict: "warning", evidence, fix: "ascalon agent run" };
}

export const agent = check(
  "agent",
  "The background agent is installed, of this version, and writes its status.",
  async (port) => {
    const { context, service, paths } = port;
    if (service instanceof Error) {
      const file = serviceFile(context);
      const evidence = `${file} cannot be read: ${service.message}`;
      return { verdict: "problem", evidence, fix: `ls -ld ${quote(file)}` };
    }
    const state = await observeService(context, service);
    const path = `${paths.stateDir}/${stateFiles.status}`;
    const read = await readAgentStatus(context, path);
    const nix = await findNixService(context, paths);
    const other =
      (nix && besideNix(service, nix, { state, status: read })) ??
      withoutOwn(port, service, { state, status: read });
    if (other) return other;
    if (!state.current)
      return {
        verdict: "warning",
        evidence: `${service.file} is from another version or location of ascalon`,
        fix,
      };
    const place = await guardedPlaceOf(context, service.service.argv);
    const silent = (seen: string): Seen =>
      place === undefined
        ? { verdict: "problem", evidence: seen, fix }
        : { verdict: "problem", evidence: `${seen}; ${guardedWords(place)}`, fix: guardedFix };
    // A launchctl that does not answer says nothing of the agent; what that wrote does.
    if (state.running === false) return silent("the agent is installed but not running");
    if (read.state === "none") return silent(`${path} cannot be read`);
    const late = staleFor(read.status, Math.floor(context.clock.now() / 1000));
    if (late > 0) return silent(`${path} should have been written ${late} s ago`);
    if (!isOfThisBuild(read.status)) {
      return {
        verdict: "warning",
        evidence: `the running agent is ascalon ${read.status.ascalon}, this is ${thisBuildWords(read.status)}`,
        fix,
      };
    }
    return { verdict: "ok", evidence: `it is running and wrote ${path} on time` };
  },
);
