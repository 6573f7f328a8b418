import type { Paths } from "../paths.ts";

/** What both kinds of service description are made from. All paths absolute. */
export interface AgentService {
  /** Node and the bundle, in that order, and the words of the command. */
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

type Env = Readonly<Record<string, string | undefined>>;

/** Folders that are the user's choice for good, beside those that ascalon itself resolves. */
const folders = ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"] as const;

/**
 * Variables that change what the agent finds, and that a shell may have for one folder only (direnv). They are those of
 * the shell in which the agent was installed, until somebody installs it by hand from another one. The settings say the
 * same for good: `sockets.docker`. SSH_AUTH_SOCK is the session's own.
 */
export const keptNames = [
  "COLIMA_HOME",
  "COLIMA_PROFILE",
  "DOCKER_CONFIG",
  "DOCKER_CONTEXT",
  "DOCKER_HOST",
  "QEMU_SYSTEM_X86_64",
  "QEMU_SYSTEM_AARCH64",
] as const;

export interface EnvironmentInputs {
  readonly env: Env;
  /** Where `keptNames` are taken from. */
  readonly kept: Env;
  readonly paths: Pick<Paths, "limaHome" | "configFile">;
  readonly platform: "darwin" | "linux";
  /** The agent's PATH: the same in whichever shell ascalon is called. */
  readonly searchPath: string;
}

export function agentEnvironment(inputs: EnvironmentInputs): Record<string, string> {
  const { env, kept, paths, platform, searchPath } = inputs;
  const wanted: readonly (readonly [string, string | undefined])[] = [
    ["PATH", searchPath],
    // A relative one was meant from the shell's folder.
    ["LIMA_HOME", env.LIMA_HOME && paths.limaHome],
    ["ASCALON_CONFIG", env.ASCALON_CONFIG && paths.configFile],
    ...folders.map((name) => [name, env[name]] as const),
    ...keptNames.map((name) => [name, kept[name]] as const),
    // launchd gives a job none, and pbcopy takes text for MacRoman then.
    ["LANG", platform === "darwin" ? env.LANG || "en_US.UTF-8" : undefined],
  ];
  return Object.fromEntries(wanted.filter((row): row is [string, string] => Boolean(row[1])));
}

/** For programs of WezTerm's GUI, which is started from the Dock: this shell's PATH and choices as they are. */
export function shellEnvironment(env: Env): Record<string, string> {
  const names = ["PATH", "LIMA_HOME", "ASCALON_CONFIG", ...folders, ...keptNames];
  const rows = names.map((name) => [name, env[name] ?? ""] as const);
  return Object.fromEntries(rows.filter(([, value]) => value !== ""));
}
