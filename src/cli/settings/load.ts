import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import { nearestExisting } from "../nearest-existing.ts";
import { pathsOf } from "../paths.ts";
import { quote } from "../quote.ts";
import { readSettingsCache, writeSettingsCache } from "./cache.ts";
import type { Settings } from "./settings.ts";

export interface LoadedSettings {
  /** The settings file, whether or not it exists. */
  readonly path: string;
  readonly origin: "file" | "defaults";
  /** What the file says; empty when there is none. */
  readonly text: string;
  readonly settings: Settings;
  /** What differs from the plain defaults because of this host, one sentence each. */
  readonly notes: readonly string[];
  /** Why the file cannot be used, and `settings` are the defaults instead. */
  readonly unusable?: AscalonError;
}

/**
 * The settings in effect. Unchanged text on an unchanged host is answered from a small file of our own: loading
 * the YAML parser and the schema takes longer than all else that `status` does.
 *
 * Throws E_SETTINGS_INVALID with every position, and E_SETTINGS_UNREADABLE.
 */
export async function loadSettings(context: Context): Promise<LoadedSettings> {
  const { path, text } = await readSettingsText(context);
  const question = { path, text: text ?? null, host: context.host };
  const base = { path, origin: text === undefined ? "defaults" : "file", text: text ?? "" } as const;
  const cached = await readSettingsCache(context, question);
  if (cached) return { ...base, ...cached };
  const { settingsFrom } = await import("./from-text.ts");
  const resolved = settingsFrom(base.text, path, context.host);
  await writeSettingsCache(context, question, resolved);
  return { ...base, ...resolved };
}

/**
 * The same for what needs no settings and must work whatever the file says, ending a VM above all and telling of one: the
 * defaults and a note when it cannot be used.
 */
export async function loadSettingsOrDefaults(context: Context): Promise<LoadedSettings> {
  try {
    return await loadSettings(context);
  } catch (error) {
    if (!(error instanceof AscalonError)) throw error;
    const { settingsFrom } = await import("./from-text.ts");
    const path = pathsOf(context).configFile;
    const { settings } = settingsFrom("", path, context.host);
    const note = `${path} cannot be used, which does not matter here (ascalon config get shows what is wrong)`;
    return { path, origin: "defaults", text: "", settings, notes: [note], unusable: error };
  }
}

/** The file's text; undefined when it does not exist and nobody named it. */
async function readSettingsText(
  context: Context,
): Promise<{ readonly path: string; readonly text: string | undefined }> {
  const { configFile: path, configNamed } = pathsOf(context);
  const text = await readSettingsFile(context, path);
  if (text === undefined && configNamed) {
    throw new AscalonError("E_SETTINGS_UNREADABLE", {
      what: `${path} does not exist`,
      why: "--config or ASCALON_CONFIG names it; only the default file may be missing",
      run: `ascalon --config ${quote(path)} config edit`,
    });
  }
  return { path, text };
}

const reasons: Readonly<Record<string, string>> = {
  EISDIR: "it is a folder",
  EACCES: "its mode forbids it",
  ELOOP: "it is a symlink that leads back to itself",
};

/** The text of a settings file, undefined when there is none. Throws E_SETTINGS_UNREADABLE. */
export async function readSettingsFile({ files }: Context, path: string): Promise<string | undefined> {
  try {
    const text = await files.readText(path);
    // What is not UTF-8 was read as this sign, which may also be written.
    if (text?.includes("\uFFFD")) await (await import("./utf8.ts")).refuseOtherThanUtf8(files, path);
    return text;
  } catch (error) {
    if (error instanceof AscalonError) throw error;
    const { code = "", message } = error as NodeJS.ErrnoException;
    const found = (await nearestExisting(files, path))?.path ?? path;
    const why =
      found !== path && code === "EACCES" ? `the mode of ${found} forbids it` : (reasons[code] ?? message);
    const run = `ls -ld ${quote(found)}`;
    throw new AscalonError("E_SETTINGS_UNREADABLE", {
      what: `${path} cannot be read`,
      why,
      run,
      cause: error,
    });
  }
}
