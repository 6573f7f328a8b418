import { posix } from "node:path";
import type { Context } from "../context.ts";
import { findProgram } from "../find-program.ts";
import { lastingPath } from "../lasting-path.ts";
import { pathsOf } from "../paths.ts";
import { type OwnProgram, ownProgram } from "../wezterm/plugin-files.ts";

/**
 * argv of this ascalon for a service: the script alone when that starts the Node which runs now, because a path to node
 * may name a version that the next upgrade removes.
 */
export async function ownWords(
  context: Context,
  program: OwnProgram = ownProgram(),
): Promise<readonly string[]> {
  const path = await lastingPath(context.files, posix.resolve(context.cwd, program.script));
  const words = (await leadsTo(program.node, context, path))
    ? [path]
    : [await lastingPath(context.files, program.node), path];
  return context.configFlag === undefined ? words : [...words, "--config", pathsOf(context).configFile];
}

/** `#!/usr/bin/env node` starts whichever node PATH names first, and that may be another, older one. */
async function leadsTo(node: string, context: Context, script: string): Promise<boolean> {
  const { files } = context;
  if (!(await files.isExecutable(script))) return false;
  const firstLine = (await files.readBytes(script, 256))?.toString("latin1").split("\n")[0] ?? "";
  if (!/\benv (-S )?node\b/.test(firstLine)) return true;
  const found = await findProgram(context, "node");
  return found !== undefined && (await files.realPath(found)) === (await files.realPath(node));
}
