import type { Context } from "../context.ts";
import { changedKeys } from "../settings/diff.ts";
import { effectText } from "../settings/effect-text.ts";
import { checkSettingsText } from "../settings/from-text.ts";
import type { Settings } from "../settings/settings.ts";

/** What a new settings file means, a line a key, and the command that shows what waits. */
export function describeChange(context: Context, before: string, after: Settings, path: string): string {
  const old = checkSettingsText(before, path, context.host);
  if ("problems" in old) return `${path} is valid again.\n`;
  const changes = changedKeys(old.settings, after);
  if (changes.length === 0) return `${path} is written; no setting has another value than before.\n`;
  const lines = changes.map(
    ({ key, before, after, effect }) => `${key}: ${before} -> ${after}, takes effect ${effectText[effect]}\n`,
  );
  return lines.join("");
}
