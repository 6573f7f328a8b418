import type { Context } from "../context.ts";
import { agentLogFiles, type Paths } from "../paths.ts";
import { type AgentService, agentEnvironment, agentLabel, agentUnit } from "../projections/agent-service.ts";
import { projectLaunchdPlist } from "../projections/launchd-plist.ts";
import { projectSystemdUnit } from "../projections/systemd-unit.ts";

type Host = Pick<Context, "env" | "host">;

/** Where the service is described, and in which words. */
export interface ServicePlan {
  readonly file: string;
  /** Where the login's manager may have a description of that name from: `file` first. */
  readonly places: readonly string[];
  readonly text: string;
  readonly service: AgentService;
}

export interface ServiceInputs {
  /** argv of ascalon: node and the script, or the script alone. */
  readonly program: readonly string[];
  readonly searchPath: string;
  /** Variables of the description that is there; without it the shell's count. */
  readonly kept?: Readonly<Record<string, string | undefined>> | undefined;
}

export const serviceFile = (host: Host): string => servicePlaces(host)[0];

/** A shell may have another XDG_CONFIG_HOME than the login, whose manager knows one unit of a name. */
function servicePlaces({ env, host: { home, platform } }: Host): readonly [string, ...string[]] {
  if (platform === "darwin") return [`${home}/Library/LaunchAgents/${agentLabel}.plist`];
  const unitIn = (folder: string): string => `${folder}/systemd/user/${agentUnit}`;
  return [unitIn(env.XDG_CONFIG_HOME || `${home}/.config`), unitIn(`${home}/.config`)];
}

export const describe = (service: AgentService, platform: "darwin" | "linux"): string =>
  platform === "darwin" ? projectLaunchdPlist(service) : projectSystemdUnit(service);

/** Pure. */
export function planService(
  host: Host,
  paths: Pick<Paths, "logDir" | "limaHome" | "configFile">,
  { program, searchPath, kept }: ServiceInputs,
): ServicePlan {
  const { env } = host;
  const { home, platform } = host.host;
  const service: AgentService = {
    argv: [...program, "agent", "run"],
    environment: agentEnvironment({ env, kept: kept ?? env, paths, platform, searchPath }),
    home,
    logFile: agentLogFiles(paths, host.host)[0],
  };
  const places = servicePlaces(host);
  return { file: places[0], places, text: describe(service, platform), service };
}
