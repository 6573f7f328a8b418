import { posix } from "node:path";
import type { Context } from "../context.ts";
import { asDiskFullError } from "../disk-full-error.ts";
import { AscalonError } from "../errors.ts";
import { asHomeError } from "../home-error.ts";
import { asInTheWayError } from "../in-the-way-error.ts";
import { nearestExisting, targetOf } from "../nearest-existing.ts";
import { quoteAll } from "../quote.ts";
import { readOnlyMode } from "../read-only.ts";
import { editorSchema, editorSchemaName } from "./editor-schema.ts";
import { readSettingsFile } from "./load.ts";
import { refuseMadeByNix } from "./made-by-nix.ts";

/** How a new file's first line names the schema that is put beside it. */
export const schemaBeside = `./${editorSchemaName}`;

/**
 * Replaces the settings file in one step. False, and nothing written, when it is not what it was when `before` was
 * read (undefined: there was none). A symlink stays one and its target is replaced, as people with dotfiles expect.
 *
 * Throws E_SETTINGS_UNREADABLE when the folder or the file cannot or must not be written, or Nix made it, and what the system said
 * when the disk is full or something lies where the folder has to be. `key`: what is changed.
 */
export async function replaceSettingsText(
  context: Context,
  path: string,
  before: string | undefined,
  after: string,
  key?: string,
): Promise<boolean> {
  const { files } = context;
  await refuseUnlessOwn(context, path, key);
  if ((await readSettingsFile(context, path)) !== before) return false;
  const target = await targetOf(context.files, path);
  try {
    await files.writeAtomic(target, after, (await files.info(target))?.mode ?? 0o600);
  } catch (error) {
    // Nothing is wrong with the file, and its mode and owner are none of the way out.
    const isOther =
      asDiskFullError(error) ||
      (await asHomeError(context, error)) ||
      (await asInTheWayError(context, error));
    if (isOther) throw error;
    throw new AscalonError("E_SETTINGS_UNREADABLE", {
      what: `${target} cannot be written`,
      why: error instanceof Error ? error.message : String(error),
      run: `ls -ld ${quoteAll(await seen(context, target))}`,
      cause: error,
    });
  }
  if (after.includes(`$schema=${schemaBeside}`)) await placeSchema(context, posix.dirname(path));
  return true;
}

/**
 * Throws when the file is not to be changed by ascalon: Nix made it, or its owner took away the right to write. `key` as
 * above.
 */
export async function refuseUnlessOwn(context: Context, path: string, key?: string): Promise<void> {
  await refuseMadeByNix(context, path, key);
  const target = await targetOf(context.files, path);
  const mode = readOnlyMode(await context.files.info(target));
  if (mode === undefined) return;
  throw new AscalonError("E_SETTINGS_UNREADABLE", {
    what: `${target} is read-only, and was left unchanged`,
    why: `its mode is ${mode}: even its owner may not write to it${target === path ? "" : `, and ${path} leads to it`}`,
    run: `chmod u+w ${quoteAll([target])}    (then run the same command again)`,
  });
}

/** The folder and the file, where they are; else what there is above them, whose owner and mode then count. */
async function seen({ files }: Context, target: string): Promise<readonly string[]> {
  const nearest = (await nearestExisting(files, target))?.path ?? "/";
  return nearest === target ? [posix.dirname(target), target] : [nearest];
}

/** Editors complete without it too, only worse: failing to write it is no failure. */
async function placeSchema({ files }: Context, folder: string): Promise<void> {
  const path = posix.join(folder, editorSchemaName);
  const text = editorSchema();
  try {
    if ((await files.readText(path)) !== text) await files.writeAtomic(path, text, 0o644);
  } catch {
    // Deliberately nothing.
  }
}
