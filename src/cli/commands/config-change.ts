import type { Context } from "../context.ts";
import { changedKeys } from "../settings/diff.ts";
import { effectText } from "../settings/effect-text.ts";
import { checkSettingsText } from "../settings/from-text.ts";
import type { Settings } from "../settings/settings.ts";
import { updatePluginSettings } from "../wezterm/plugin-files.ts";

/** What a file that was just written means; WezTerm hears of it now, and not only at the next `up`. */
export async function tellChange(
  context: Context,
  before: string,
  after: Settings,
  path: string,
): Promise<void> {
  context.stderr.write(describeChange(context, before, after, path));
  try {
    await updatePluginSettings(context, after);
  } catch (error) {
    // The settings are written, which is what was asked for.
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    context.stderr.write(
      `WezTerm hears of it at the next ascalon up: plugin.json cannot be written (${code}).\n`,
    );
  }
}

/** What a new settings file means, a line a key, and the command that shows what waits. */
function describeChange(context: Context, before: string, after: Settings, path: string): string {
  const old = checkSettingsText(before, path, context.host);
  if ("problems" in old) return `${path} is valid again.\n`;
  const changes = changedKeys(old.settings, after);
  if (changes.length === 0) return `${path} is written; no setting has another value than before.\n`;
  const lines = changes.map(
    ({ key, before, after, effect }) => `${key}: ${before} -> ${after}, takes effect ${effectText[effect]}\n`,
  );
  return lines.join("");
}
