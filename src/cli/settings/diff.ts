import { settingsByKey, valueText } from "./by-key.ts";
import { keyEffects, type SettingKey } from "./generated-keys.ts";
import type { EffectClass, Settings } from "./settings.ts";

/** A key whose value differs, both sides as a person writes them. */
export interface KeyChange {
  readonly key: SettingKey;
  readonly before: string;
  readonly after: string;
  readonly effect: EffectClass;
  /** A disk that would become smaller, which no disk does: only a new one has that size. */
  readonly shrinks?: true;
}

/** What differs between two settings, in the order of the schema. Loads neither the schema nor a YAML parser. */
export function changedKeys(before: Settings, after: Settings): readonly KeyChange[] {
  const old = settingsByKey(before);
  const now = settingsByKey(after);
  return (Object.keys(keyEffects) as SettingKey[]).flatMap((key) =>
    isSame(old[key], now[key])
      ? []
      : [
          {
            key,
            before: valueText(old[key]),
            after: valueText(now[key]),
            effect: effectOf(key, after),
            ...shrinking(key, before, after),
          },
        ],
  );
}

/** A guest that had its system from a flake goes on with it: no rebuild brings the image's back. */
const effectOf = (key: SettingKey, after: Settings): EffectClass =>
  key === "system.flake" && after.system.flake === null ? "recreate" : keyEffects[key];

const diskBytes: { readonly [key in SettingKey]?: (settings: Settings) => number } = {
  "vm.disk": ({ vm }) => vm.diskBytes,
  "vm.home": ({ vm }) => vm.homeBytes,
};

function shrinking(key: SettingKey, before: Settings, after: Settings): Pick<KeyChange, "shrinks"> {
  const bytesIn = diskBytes[key];
  return bytesIn !== undefined && bytesIn(after) < bytesIn(before) ? { shrinks: true } : {};
}

/** By structure; the order of an object's fields does not matter, the order of a list does. */
export function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const left = Object.entries(a);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    left.length === Object.keys(b).length &&
    left.every(([name, value]) => isSame(value, (b as Record<string, unknown>)[name]))
  );
}
