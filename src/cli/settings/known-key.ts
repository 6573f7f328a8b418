import { AscalonError } from "../errors.ts";
import type { EditPath } from "./edit.ts";
import { keyEffects, type SettingKey } from "./generated-keys.ts";
import { nearest } from "./nearest.ts";

const keys = Object.keys(keyEffects) as SettingKey[];

/** The keys that a word on the command line names: itself, or those of a section. Throws E_USAGE. */
export function keysNamed(word: string | undefined): readonly SettingKey[] {
  const named = word === undefined ? keys : keys.filter((key) => key === word || key.startsWith(`${word}.`));
  if (named.length === 0) throw unknownKey(word ?? "");
  return named;
}

/** A key that can be set. Throws E_USAGE, for a section too. */
export function keyNamed(word: string): { readonly key: SettingKey; readonly path: EditPath } {
  const [first, ...more] = keysNamed(word);
  if (first !== word || more.length > 0) {
    throw new AscalonError("E_USAGE", {
      what: `${word} is a section, not a key`,
      why: `its keys are ${keysNamed(word).join(", ")}`,
      run: "ascalon config edit    (for several keys at once)",
    });
  }
  const [section = "", name] = first.split(".");
  return { key: first, path: name === undefined ? [section] : [section, name] };
}

function unknownKey(word: string): AscalonError {
  const lastPart = keys.find((key) => key.endsWith(`.${word}`));
  const meant = lastPart ?? nearest(word, keys);
  return new AscalonError("E_USAGE", {
    what: `there is no setting ${word || '""'}${meant === undefined ? "" : `, did you mean ${meant}?`}`,
    run: "ascalon config get    (lists every key)",
  });
}
