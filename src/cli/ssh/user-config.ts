import { posix } from "node:path";
import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import { readOnlyMode } from "../read-only.ts";

/** Its bytes as latin1, following symlinks; undefined when there is none. */
export async function readUserConfig(context: Context, path: string): Promise<string | undefined> {
  const real = await context.files.realPath(path);
  const info = real === undefined ? undefined : await context.files.info(real);
  if (real === undefined || info === undefined) return undefined;
  return (await context.files.readBytes(real, info.sizeBytes))?.toString("latin1");
}

/**
 * Writes the edit atomically and keeps the mode; a config that is a symlink, as dotfile managers make it, is written
 * where it points to. True when something changed. Throws E_SSH_CONFIG when the file cannot be read or written.
 */
export async function editUserConfig(
  context: Context,
  path: string,
  edit: (text: string | undefined) => string | undefined,
): Promise<boolean> {
  try {
    const text = await readUserConfig(context, path);
    const edited = edit(text);
    if (edited === text) return false;
    const target = await targetOf(context, path);
    const readOnly = readOnlyMode(await context.files.info(target));
    if (readOnly !== undefined) throw new Error(`its owner made it read-only (mode ${readOnly})`);
    if (edited === undefined) {
      await context.files.remove(target);
      return true;
    }
    const mode = (await context.files.info(target))?.mode ?? 0o600;
    const folder = posix.dirname(path);
    if ((await context.files.info(folder)) === undefined) await context.files.makeFolder(folder, 0o700);
    await context.files.writeBytesAtomic(target, Buffer.from(edited, "latin1"), mode);
    return true;
  } catch (error) {
    throw new AscalonError("E_SSH_CONFIG", {
      what: `${path} cannot be changed`,
      why: error instanceof Error ? error.message : String(error),
      run: "ascalon ssh-config    (prints the lines, to add them where your ssh config is generated)",
      cause: error,
    });
  }
}

/** The file behind the symlinks, also when it does not exist yet. */
async function targetOf(context: Context, path: string): Promise<string> {
  const real = await context.files.realPath(path);
  if (real !== undefined) return real;
  const link =
    (await context.files.info(path))?.kind === "symlink" ? await context.files.linkTarget(path) : undefined;
  return link === undefined ? path : posix.resolve(posix.dirname(path), link);
}
