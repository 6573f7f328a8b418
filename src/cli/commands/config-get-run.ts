import type { CommandRun } from "../command.ts";
import { exitCodes } from "../errors.ts";
import { withSameSettings } from "../same-settings.ts";
import { settingsByKey } from "../settings/by-key.ts";
import type { SettingKey } from "../settings/generated-keys.ts";
import { keysNamed } from "../settings/known-key.ts";
import { type LoadedSettings, loadSettings } from "../settings/load.ts";

/** One key: its value alone. More: a line each, key first. */
export const runConfigGet: CommandRun = async (context, flags, [word]) => {
  const keys = keysNamed(word);
  const loaded = await loadSettings(context);
  const values = settingsByKey(loaded.settings);
  const origins = flags.origin === true ? await originsOf(loaded, keys) : undefined;
  if (flags.json === true) {
    const { path, origin } = loaded;
    const shown = Object.fromEntries(keys.map((key) => [key, values[key]]));
    context.stdout.write(`${JSON.stringify({ schema: 1, path, origin, values: shown, origins })}\n`);
    return exitCodes.ok;
  }
  const isAlone = keys.length === 1 && keys[0] === word && !origins;
  const width = Math.max(...keys.map((key) => key.length));
  const valueWidth = Math.max(...keys.map((key) => plain(values[key]).length));
  for (const key of keys) {
    const value = plain(values[key]);
    const line = origins
      ? `${key.padEnd(width)}  ${value.padEnd(valueWidth)}  ${origins[key]}`
      : isAlone
        ? value
        : `${key.padEnd(width)}  ${value}`;
    context.stdout.write(`${line}\n`);
  }
  for (const note of loaded.notes) context.stderr.write(withSameSettings(`${note}\n`, context.configFlag));
  return exitCodes.ok;
};

/** Scalars bare, lists as JSON, which is YAML too: what is printed can be given to `config set`. */
function plain(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** `FILE:LINE` for a written key; the default says when the host lowered it. */
async function originsOf(
  { path, text, notes }: LoadedSettings,
  keys: readonly SettingKey[],
): Promise<Partial<Record<SettingKey, string>>> {
  const { parseSettings } = await import("../settings/parse.ts");
  const { written, locate } = parseSettings(text);
  const origin = (key: SettingKey): string => {
    const parts = key.split(".");
    const value = parts.reduce<unknown>(
      (at, part) => (at as Record<string, unknown> | undefined)?.[part],
      written,
    );
    if (value !== undefined) return `${path}:${locate({ path: parts, message: "", atKey: true }).line}`;
    return notes.some((note) => note.startsWith(`${key} `)) ? "default, lowered to this host" : "default";
  };
  return Object.fromEntries(keys.map((key) => [key, origin(key)]));
}
