import { posix } from "node:path";
import type { Context } from "../context.ts";
import { targetOf } from "../nearest-existing.ts";

type Host = Pick<Context, "env" | "cwd" | "host" | "files" | "processes">;

export interface ConfigFile {
  /** As WezTerm finds it. */
  readonly path: string;
  /** Where its bytes are: symlinks of dotfile managers are written through, never replaced. */
  readonly target: string;
  readonly text: string | undefined;
  readonly mode: number;
  /** Where a WezTerm from the Dock looks instead, when it does not find this one. */
  readonly dockLooksAt?: string;
}

/**
 * Where WezTerm looks for its configuration and for the modules that this requires. On a Mac it is started from the Dock,
 * as a rule, and has no variables of a shell: first what that one loads, whatever this shell says.
 */
export async function configFolders(context: Host): Promise<readonly string[]> {
  const { host } = context;
  const [usual, named] = [usualFolder(host), shellFolder(context)];
  if (named === usual || host.platform !== "darwin") return [named];
  const ofDock = (await dockFolder(context)) ?? usual;
  return [ofDock, ...new Set([named, usual].filter((folder) => folder !== ofDock))];
}

const usualFolder = ({ home }: Host["host"]): string => posix.join(home, ".config/wezterm");

/** For a WezTerm that this shell starts. */
export const shellFolder = ({ env, host }: Pick<Host, "env" | "host">): string =>
  below(env.XDG_CONFIG_HOME) ?? usualFolder(host);

const below = (folder: string | undefined): string | undefined =>
  folder?.startsWith("/") ? posix.join(folder, "wezterm") : undefined;

/** What `launchctl setenv` told the programs of the Dock; undefined when nothing did. */
async function dockFolder({ processes }: Host): Promise<string | undefined> {
  const said = await processes.run("launchctl", ["getenv", "XDG_CONFIG_HOME"], { timeoutMs: 5_000 });
  return said.exitCode === 0 ? below(said.stdout.trim()) : undefined;
}

/** The file that WezTerm loads, in its own order (wezterm config/src/config.rs); where one is missing, the place for it. */
export async function findConfigFile(context: Host, folders?: readonly string[]): Promise<ConfigFile> {
  const { env, host, files, cwd } = context;
  const standards = (folders ?? (await configFolders(context))).map((folder) =>
    posix.join(folder, "wezterm.lua"),
  );
  const [first = "", ...others] = standards;
  // A pane of WezTerm's has it of the file that WezTerm loaded.
  const named = env.WEZTERM_CONFIG_FILE ? [posix.resolve(cwd, env.WEZTERM_CONFIG_FILE)] : [];
  for (const path of [...named, posix.join(host.home, ".wezterm.lua"), ...standards]) {
    const target = await files.realPath(path);
    const text = target === undefined ? undefined : await files.readText(target);
    if (target === undefined || text === undefined) continue;
    const info = await files.info(target);
    const isMissed = !named.includes(path) && others.includes(path);
    return {
      path,
      target,
      text,
      mode: (info?.mode ?? 0o644) & 0o777,
      ...(isMissed ? { dockLooksAt: first } : {}),
    };
  }
  const path = named[0] ?? first;
  // A dotfile manager's link may lead to what is not there at the moment, and is not to be replaced then either.
  return { path, target: await targetOf(files, path), text: undefined, mode: 0o644 };
}
