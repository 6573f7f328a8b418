import { posix } from "node:path";
import type { Context } from "../context.ts";
import { mentionsPlugin } from "./config-edit.ts";
import { configFolders, findConfigFile, shellFolder } from "./config-file.ts";
import { isInWezTermPane } from "./user-variable.ts";

type Host = Pick<Context, "env" | "cwd" | "host" | "files" | "processes" | "stdout" | "stderr">;

/** A configuration has a handful of modules; a folder with more holds something else as well. */
const mostFiles = 200;
const mostDepth = 3;

/**
 * Whether WezTerm's configuration loads the plugin: its own file says so, or a module in one of the folders in which
 * WezTerm's `require` looks (wezterm config/src/lua.rs), because many people divide theirs.
 */
export async function loadsPlugin(context: Host, given?: readonly string[]): Promise<boolean> {
  // Outside of a pane it is for a window that opens with this shell's variables.
  const folders = given ?? (isInWezTermPane(context) ? await configFolders(context) : [shellFolder(context)]);
  const { text } = await findConfigFile(context, folders);
  if (text === undefined) return false;
  if (mentionsPlugin(text)) return true;
  let left = mostFiles;
  const isIn = async (folder: string, depth: number): Promise<boolean> => {
    for (const name of (await context.files.list(folder)) ?? []) {
      const path = posix.join(folder, name);
      if (name.endsWith(".lua")) {
        if (left-- <= 0) return false;
        if (mentionsPlugin((await context.files.readText(path)) ?? "")) return true;
      } else if (!name.includes(".") && depth < mostDepth && (await isIn(path, depth + 1))) return true;
    }
    return false;
  };
  for (const folder of [...folders, posix.join(context.host.home, ".wezterm")])
    if (await isIn(folder, 1)) return true;
  return false;
}
