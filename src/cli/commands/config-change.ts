import type { Context } from "../context.ts";
import { withSameSettings } from "../same-settings.ts";
import { changedKeys, type KeyChange } from "../settings/diff.ts";
import { effectText } from "../settings/effect-text.ts";
import { checkSettingsText } from "../settings/from-text.ts";
import type { Settings } from "../settings/settings.ts";
import { updatePluginSettings } from "../wezterm/plugin-files.ts";
import { keepAgent } from "./keep-agent.ts";

/**
 * Says what a file that was just written means, a line a key, and does now what is said to happen at once: WezTerm
 * hears of its part, and an agent that is no longer wanted goes.
 */
export async function tellChange(
  context: Context,
  before: string,
  after: Settings,
  path: string,
): Promise<void> {
  const tell = (text: string): void => context.stderr.write(withSameSettings(text, context.configFlag));
  const old = checkSettingsText(before, path, context.host);
  const changes = "problems" in old ? undefined : changedKeys(old.settings, after);
  tell(describeChanges(changes, path));
  if (changes?.some(({ key }) => key === "agent.enabled")) {
    if (after.agent.enabled) tell("Next: ascalon up    (it installs the agent)\n");
    else await keepAgent(context, after);
  }
  try {
    await updatePluginSettings(context, after);
  } catch (error) {
    // The settings are written, which is what was asked for.
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    tell(`WezTerm learns of it at the next ascalon up: plugin.json cannot be written (${code}).\n`);
  }
}

/** The first system of a flake comes by `up`, from the image's; what follows are rebuilds of it. */
function effectOf(change: KeyChange): string {
  const { key, before, effect, shrinks } = change;
  // The file may have been ahead of the VM, whose disk then is no larger yet.
  if (shrinks) return `not on a disk that already has ${before}: disks only grow (ascalon plan compares)`;
  return key === "system.flake" && before === "none"
    ? "takes effect with `ascalon up`"
    : `takes effect ${effectText[effect]}`;
}

/** `changes`: undefined when the file was not valid before. */
function describeChanges(changes: readonly KeyChange[] | undefined, path: string): string {
  if (changes === undefined) return `${path} is valid again.\n`;
  if (changes.length === 0) return `${path} was written; no setting has changed.\n`;
  return changes
    .map((change) => `${change.key}: ${change.before} -> ${change.after}, ${effectOf(change)}\n`)
    .join("");
}
