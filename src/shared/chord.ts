import { piecesOf, positionOf } from "./pieces.ts";

/** A key with its modifiers as `config.keys` wants them. */
export interface Chord {
  readonly mods: string;
  readonly key: string;
}

/** `CMD|SHIFT+A` to its two halves; undefined when there is no plus or no key. */
export function parseChord(chord: string): Chord | undefined {
  const plus = positionOf(chord, "+");
  if (plus < 0 || plus === chord.length - 1) return undefined;
  return { mods: chord.slice(0, plus), key: chord.slice(plus + 1) };
}

const aliases: Readonly<Record<string, string>> = {
  CMD: "SUPER",
  WIN: "SUPER",
  SUPER: "SUPER",
  OPT: "ALT",
  META: "ALT",
  ALT: "ALT",
  CTRL: "CTRL",
  SHIFT: "SHIFT",
  LEADER: "LEADER",
};

/**
 * Equal for chords that WezTerm takes for the same press: `a` and `A` with CMD|SHIFT, `A` with CMD
 * (normalize_shift), and the aliases of a modifier. `phys:` and `mapped:` are dropped: on some layout the two
 * are the same key, and a chord of the user must not be shadowed on any.
 */
export function chordIdentity(key: string, mods: string): string {
  const flags: Record<string, boolean> = {};
  for (const word of piecesOf(piecesOf(mods.toUpperCase(), " ").join(""), "|")) {
    const name = aliases[word];
    if (name !== undefined) flags[name] = true;
  }
  let plain = key;
  for (const prefix of ["phys:", "mapped:", "raw:"]) {
    if (plain.startsWith(prefix)) plain = plain.slice(prefix.length);
  }
  if (isLetter(plain)) {
    if (flags.SHIFT === true) plain = plain.toUpperCase();
    flags.SHIFT = false;
  }
  let identity = "";
  for (const name of ["ALT", "CTRL", "LEADER", "SHIFT", "SUPER"]) {
    if (flags[name] === true) identity = `${identity}${name}|`;
  }
  return `${identity}${plain}`;
}

function isLetter(key: string): boolean {
  if (key.length !== 1) return false;
  const code = key.charCodeAt(0);
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
