import type { Config, KeyBinding } from "wezterm";
import * as wezterm from "wezterm";
import { type Chord, chordIdentity, parseChord } from "../shared/chord.ts";
import { asRecord, asText } from "../shared/loose.ts";
import { type ActionName, actionNames, emitEvent, events } from "./actions.ts";
import { problemText, warn } from "./log.ts";
import { warnUnknown } from "./options.ts";
import { session } from "./session.ts";

/** The key bindings that the options and ascalon.yaml ask for; those of the defaults when the option is false. */
export function wantedKeys(): KeyBinding[] {
  const keys = asRecord(session.options.keys);
  warnUnknown(keys, actionNames, "keys.");
  const bindings: KeyBinding[] = [];
  for (const name of actionNames) {
    const chord = chordFor(name, keys[name]);
    if (chord !== undefined)
      bindings.push({ key: chord.key, mods: chord.mods, action: emitEvent(events[name]) });
  }
  return bindings;
}

function chordFor(name: ActionName, given: unknown): Chord | undefined {
  if (given === undefined || given === true) {
    if (name === "attach") return parseChord(session.pluginContract.key);
  } else if (given !== false) {
    const chord = readChord(given);
    if (chord !== undefined) return chord;
    warn(`keys.${name} is false, "CMD|SHIFT+A" or { key = …, mods = … }`);
    return chordFor(name, undefined);
  }
  return undefined;
}

function readChord(given: unknown): Chord | undefined {
  if (typeof given === "string") return parseChord(given);
  const from = asRecord(given);
  const key = asText(from.key);
  if (key === undefined) return undefined;
  return { key, mods: asText(from.mods) ?? "" };
}

/**
 * Puts our bindings before the user's and leaves out every chord that is taken: WezTerm keeps the last binding
 * of a chord, so appending would silently replace the user's own.
 */
export function addKeys(config: Config): void {
  if (session.options.keys === false) return;
  const existing = config.keys ?? [];
  const merged: KeyBinding[] = [];
  for (const binding of wantedKeys()) {
    const identity = chordIdentity(binding.key, binding.mods ?? "");
    // A key that WezTerm does not know would cost the whole configuration when that is a plain table.
    const [ok, problem] = pcall(() => {
      wezterm.config_builder().keys = [binding];
    });
    if (!ok) warn(problemText(problem));
    else if (!isTaken(existing, identity)) merged.push(binding);
    else if (!added[identity]) warn(`${identity} is bound already; left as it is`);
    added[identity] = true;
  }
  for (const binding of existing) merged.push(binding);
  config.keys = merged;
}

/** Chords of an earlier apply in this evaluation: meeting them again is no news. */
const added: Record<string, boolean> = {};

function isTaken(existing: readonly KeyBinding[], identity: string): boolean {
  for (const binding of existing) {
    if (typeof binding.key === "string" && chordIdentity(binding.key, binding.mods ?? "") === identity)
      return true;
  }
  return false;
}
