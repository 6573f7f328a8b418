import { posix } from "node:path";
import type { Context } from "./context.ts";
import { AscalonError } from "./errors.ts";

/** The one Lima instance that ascalon makes. */
export const instanceName = "ascalon";

/** Every folder and file ascalon uses, absolute. Nothing here is made or read. */
export interface Paths {
  /** ascalon.yaml: `--config`, else ASCALON_CONFIG, else below XDG_CONFIG_HOME. */
  readonly configFile: string;
  /** Whether a person named the settings file, so that its absence is an error. */
  readonly configNamed: boolean;
  /** Facts ascalon keeps between two calls; safe to delete while the VM is stopped. */
  readonly stateDir: string;
  readonly limaHome: string;
  /** Lima's folder of the instance: lima.yaml, pid files, ssh.config, root disk. */
  readonly instanceDir: string;
  /** Host ends of the links; 0700, because a socket's own mode is not enough on every system. */
  readonly sockDir: string;
  readonly logDir: string;
  readonly cacheDir: string;
}

/** The XDG rules, on macOS too: terminal users keep their dotfiles in ~/.config on both systems. */
export function pathsOf(context: Pick<Context, "env" | "cwd" | "host" | "configFlag">): Paths {
  const { env, cwd, host } = context;
  if (host.home === "") {
    throw new AscalonError("E_HOME", {
      what: "HOME is not set, and the system knows no home folder for this user",
      why: "the settings and the VM's files are found through it",
      run: "export HOME=/home/you    (a folder of yours)",
    });
  }
  if (!host.home.startsWith("/")) {
    throw new AscalonError("E_HOME", {
      what: `HOME is "${host.home}", which is not an absolute path`,
      why: "the settings and the VM's files are found through it",
      run: "unset HOME    (or set it to your home folder)",
    });
  }
  const xdg = (name: string, fallback: string): string => {
    const value = env[name];
    // The specification: relative values are invalid and ignored.
    return posix.join(value?.startsWith("/") ? value : posix.join(host.home, fallback), "ascalon");
  };
  const named = context.configFlag ?? (env.ASCALON_CONFIG || undefined);
  const stateDir = xdg("XDG_STATE_HOME", ".local/state");
  const limaHome = env.LIMA_HOME ? posix.resolve(cwd, env.LIMA_HOME) : posix.join(host.home, ".lima");
  return {
    configFile:
      named === undefined
        ? posix.join(xdg("XDG_CONFIG_HOME", ".config"), "ascalon.yaml")
        : posix.resolve(cwd, expandHome(named, host.home)),
    configNamed: named !== undefined,
    stateDir,
    limaHome,
    instanceDir: posix.join(limaHome, instanceName),
    sockDir: posix.join(stateDir, "sock"),
    logDir: posix.join(stateDir, "log"),
    cacheDir: xdg("XDG_CACHE_HOME", ".cache"),
  };
}

/**
 * Where an agent's words end up: those of ascalon's own service first, then those of the job that the Nix modules make on
 * a Mac (nix/lib/agent.nix).
 */
export function agentLogFiles(
  { logDir }: Pick<Paths, "logDir">,
  { home, platform }: Pick<Context["host"], "home" | "platform">,
): readonly [own: string, ...others: string[]] {
  const nix = posix.join(home, "Library/Logs/ascalon-agent.log");
  return [posix.join(logDir, "agent.log"), ...(platform === "darwin" ? [nix] : [])];
}

/** What a WezTerm says that `ascalon attach` opened, as long as its window is there. */
export const weztermLogFile = ({ logDir }: Pick<Paths, "logDir">): string =>
  posix.join(logDir, "wezterm.log");

/** `~` and `~/x` to the home folder; everything else, `~other` too, stays as it is. */
export function expandHome(path: string, home: string): string {
  return path === "~" || path.startsWith("~/") ? home + path.slice(1) : path;
}
