import type { MachineFacts } from "../machine/facts.ts";
import { keysOfNixJson, keysToldOtherwise } from "../projections/nix-parts.ts";
import { changedKeys } from "../settings/diff.ts";
import { withMadeKeys } from "../settings/merge.ts";
import type { Settings } from "../settings/settings.ts";

/**
 * Keys that the guest's own system has otherwise than the settings say, until its next rebuild. Lima mounts a folder and
 * sshd binds a socket without the system; what it declares of them is of the last rebuild, or of the one gone back to.
 * None where the system is the image's.
 */
export function keysBehind(settings: Settings, { exists, applied, told }: MachineFacts): readonly string[] {
  if (exists !== "ours" || !applied || applied.system.flake === null || told === null) return [];
  if (told !== undefined) return keysToldOtherwise(told, withMadeKeys(applied, settings));
  // Of before this was noted: what still differs from the VM certainly does.
  return changedKeys(applied, settings)
    .map(({ key }) => key)
    .filter((key) => keysOfNixJson.includes(key));
}
