import { stateFiles } from "../../shared/plugin-contract.ts";
import { staleFor } from "../../shared/status.ts";
import { observeService } from "../agent/install.ts";
import { readAgentStatus } from "../agent/status-file.ts";
import { check } from "./check.ts";

export const agent = check(
  "agent",
  "The background agent is installed, of this version, and writes its status.",
  async (port) => {
    const { context, service, paths } = port;
    const state = await observeService(context, service);
    const fix = "ascalon agent install";
    if (!state.installed) return { verdict: "warning", evidence: `${service.file} does not exist`, fix };
    if (!state.current)
      return {
        verdict: "warning",
        evidence: `${service.file} is of another version or place of ascalon`,
        fix,
      };
    if (!state.running)
      return { verdict: "problem", evidence: "the agent is installed and does not run", fix };
    const path = `${paths.stateDir}/${stateFiles.status}`;
    const read = await readAgentStatus(context, path);
    if (read.state === "none") return { verdict: "problem", evidence: `${path} cannot be read`, fix };
    const late = staleFor(read.status, Math.floor(context.clock.now() / 1000));
    if (late > 0)
      return { verdict: "problem", evidence: `${path} should have been written ${late} s ago`, fix };
    return { verdict: "ok", evidence: `runs, and wrote ${path} within its time` };
  },
);
