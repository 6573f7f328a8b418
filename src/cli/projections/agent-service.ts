/** What both kinds of service description are made from. All paths absolute. */
export interface AgentService {
  /** Node and the bundle, in that order. */
  readonly argv: readonly string[];
  /** Variables the agent needs; a service has none of a shell's. */
  readonly environment: Readonly<Record<string, string>>;
  readonly home: string;
  readonly logFile: string;
}

/** The label of the LaunchAgent; it must not be Lima's own, or Lima's stop would ask launchd instead of Lima. */
export const agentLabel = "ascalon.agent";
export const agentUnit = "ascalon-agent.service";

/** Seconds between the request to end and the kill: a status is written and ssh let go, nothing more. */
export const agentStopSeconds = 30;

/** Variables of the installing shell that change what the agent finds. SSH_AUTH_SOCK is the session's own. */
const passed = [
  "LIMA_HOME",
  "ASCALON_CONFIG",
  "XDG_CONFIG_HOME",
  "XDG_STATE_HOME",
  "XDG_CACHE_HOME",
  "COLIMA_HOME",
  "COLIMA_PROFILE",
  "DOCKER_CONFIG",
  "DOCKER_CONTEXT",
  "DOCKER_HOST",
  "QEMU_SYSTEM_X86_64",
  "QEMU_SYSTEM_AARCH64",
] as const;

/** PATH is the installing shell's, because limactl, QEMU and ssh were found with it. */
export function agentEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const taken = ["PATH", ...passed].map((name) => [name, env[name] ?? ""] as const);
  return Object.fromEntries(taken.filter(([, value]) => value !== ""));
}
