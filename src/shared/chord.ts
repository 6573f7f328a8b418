/** A key with its modifiers as `config.keys` wants them. */
export interface Chord {
  readonly mods: string;
  readonly key: string;
}

/** `CMD|SHIFT+A` to its two halves; undefined when there is no plus or no key. */
export function parseChord(chord: string): Chord | undefined {
  const plus = chord.indexOf("+");
  if (plus < 0 || plus === chord.length - 1) return undefined;
  return { mods: chord.substring(0, plus), key: chord.substring(plus + 1) };
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
  for (const word of words(mods.toUpperCase())) {
    const name = aliases[word];
    if (name !== undefined) flags[name] = true;
  }
  let plain = key;
  for (const prefix of ["phys:", "mapped:", "raw:"]) {
    if (plain.startsWith(prefix)) plain = plain.substring(prefix.length);
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

function words(mods: string): string[] {
  const found: string[] = [];
  let rest = mods;
  for (let bar = rest.indexOf("|"); bar >= 0; bar = rest.indexOf("|")) {
    found.push(trimmed(rest.substring(0, bar)));
    rest = rest.substring(bar + 1);
  }
  found.push(trimmed(rest));
  return found;
}

function trimmed(word: string): string {
  let start = 0;
  let end = word.length;
  while (start < end && word.charCodeAt(start) === 32) start++;
  while (end > start && word.charCodeAt(end - 1) === 32) end--;
  return word.substring(start, end);
}

function isLetter(key: string): boolean {
  if (key.length !== 1) return false;
  const code = key.charCodeAt(0);
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
