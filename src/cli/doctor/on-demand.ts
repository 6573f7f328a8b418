import { stateFiles } from "../../shared/plugin-contract.ts";
import { readAgentStatus } from "../agent/status-file.ts";
import type { DoctorPort } from "./check.ts";

export const onDemandCommand = "ascalon heal --hold";

/** The settings want no agent and no command holds the links now: that there are none is what was asked for. */
export async function isOnDemand({ agentEnabled, context, paths }: DoctorPort): Promise<boolean> {
  if (agentEnabled) return false;
  return (await readAgentStatus(context, `${paths.stateDir}/${stateFiles.status}`)).state !== "fresh";
}
