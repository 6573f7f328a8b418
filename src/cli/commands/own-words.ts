import { posix } from "node:path";
import type { Context } from "../context.ts";
import { pathsOf } from "../paths.ts";
import { ownProgram } from "../wezterm/plugin-files.ts";

/**
 * argv of this ascalon for a service: the script alone when it can be executed, because a path to node may name a
 * version that the next upgrade removes.
 */
export async function ownWords(context: Context): Promise<readonly string[]> {
  const { node, script } = ownProgram();
  const path = posix.resolve(context.cwd, script);
  const words = (await context.files.isExecutable(path)) ? [path] : [node, path];
  return context.configFlag === undefined ? words : [...words, "--config", pathsOf(context).configFile];
}
