import { posix } from "node:path";
import type { Context } from "../context.ts";

type Host = Pick<Context, "env" | "cwd" | "host" | "files">;

export interface ConfigFile {
  /** As WezTerm finds it. */
  readonly path: string;
  /** Where its bytes are: symlinks of dotfile managers are written through, never replaced. */
  readonly target: string;
  readonly text: string | undefined;
  readonly mode: number;
}

/**
 * Where WezTerm looks for its configuration and for the modules that this requires. On a Mac it is started from the Dock
 * and has no variables of a shell: what lies in the usual place is what it loads, whatever this shell says.
 */
export function configFolders({ env, host }: Pick<Host, "env" | "host">): readonly [string, ...string[]] {
  const usual = posix.join(host.home, ".config/wezterm");
  const named = env.XDG_CONFIG_HOME?.startsWith("/") ? posix.join(env.XDG_CONFIG_HOME, "wezterm") : usual;
  return named !== usual && host.platform === "darwin" ? [named, usual] : [named];
}

/** The file that WezTerm loads, in its own order (wezterm config/src/config.rs); where one is missing, the place for it. */
export async function findConfigFile(context: Host): Promise<ConfigFile> {
  const { env, host, files, cwd } = context;
  const standards = configFolders(context).map((folder) => posix.join(folder, "wezterm.lua"));
  const named = env.WEZTERM_CONFIG_FILE ? [posix.resolve(cwd, env.WEZTERM_CONFIG_FILE)] : [];
  for (const path of [...named, posix.join(host.home, ".wezterm.lua"), ...standards]) {
    const target = await files.realPath(path);
    const text = target === undefined ? undefined : await files.readText(target);
    if (target === undefined || text === undefined) continue;
    const info = await files.info(target);
    return { path, target, text, mode: (info?.mode ?? 0o644) & 0o777 };
  }
  const path = named[0] ?? standards.at(-1) ?? "";
  return { path, target: path, text: undefined, mode: 0o644 };
}
