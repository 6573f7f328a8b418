import type { Context } from "../context.ts";
import { findProgram } from "../find-program.ts";

type Host = Pick<Context, "env" | "host" | "files">;

/** The `wezterm` command: on PATH, or inside the app of macOS. */
export async function findWezTerm(context: Host): Promise<string | undefined> {
  const found = await findProgram(context, "wezterm");
  if (found !== undefined || context.host.platform !== "darwin") return found;
  for (const folder of ["/Applications", `${context.host.home}/Applications`]) {
    const path = `${folder}/WezTerm.app/Contents/MacOS/wezterm`;
    if (await context.files.isExecutable(path)) return path;
  }
  return undefined;
}

/** Whether a window can open here: not over ssh, and on Linux only with a display. */
export function canOpenWindow({ env, host }: Pick<Context, "env" | "host">): boolean {
  if (env.SSH_CONNECTION) return false;
  return host.platform === "darwin" || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * `wezterm connect ascalon` in a new GUI. Without the plugin in its configuration the domain is given on the
 * command line: for this GUI alone it replaces the person's own unix domains.
 */
export function connectWords(socketPath: string, pluginConfigured: boolean): string[] {
  if (pluginConfigured) return ["connect", "ascalon"];
  const path = socketPath.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  const domain = `unix_domains={{name="ascalon",socket_path="${path}",no_serve_automatically=true}}`;
  return ["--config", domain, "connect", "ascalon"];
}
