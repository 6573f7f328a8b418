import * as wezterm from "wezterm";
import { asRecord, asText, type Loose, listOf, oneOf } from "../shared/loose.ts";
import { nearest } from "../shared/nearest.ts";
import { positionOf } from "../shared/pieces.ts";
import { warn } from "./log.ts";

/** What apply_to_config's second argument may hold. docs/wezterm.md describes each. */
export interface Options {
  /** Where plugin.json is; undefined: in ascalon's state folder. */
  readonly plugin_json: string | undefined;
  /** Replaces the contract's `cli`. */
  readonly cli: readonly string[];
  /** False: no keys. Otherwise chords by action name, over the defaults; a chord of false leaves one out. */
  readonly keys: false | Loose;
  /** Undefined: as ascalon.yaml says. */
  readonly attach: "key" | "startup" | undefined;
  readonly palette: boolean;
  /** False, true: when something is wrong, "always". Writes the right status. */
  readonly status: boolean | "always";
  readonly notifications: boolean;
  readonly reattach: boolean;
  readonly keep_local_tab: boolean;
  readonly same_place: boolean;
  readonly messages: { readonly open: boolean; readonly notify: boolean; readonly attach: boolean };
}

const names = [
  "attach",
  "cli",
  "keep_local_tab",
  "keys",
  "messages",
  "notifications",
  "palette",
  "plugin_json",
  "reattach",
  "same_place",
  "status",
];

/** The options of a Lua table. A wrong name or value is logged and left out: a typo must not cost the key. */
export function readOptions(given: unknown): Options {
  if (given !== undefined && typeof given !== "object") warn("the options must be a table");
  const from = asRecord(given);
  warnUnknown(from, names, "");
  const begin = oneOf<"key" | "startup" | "">(from.attach, ["key", "startup"], "");
  const cli = typeof from.cli === "string" ? [from.cli] : listOf(from.cli, asText);
  expect(from, "attach", begin !== "", `"key" or "startup"`);
  expect(from, "cli", cli.length > 0, "a path or a list of words");
  expect(from, "plugin_json", typeof from.plugin_json === "string", "a path");
  for (const name of ["keys", "messages"]) {
    expect(from, name, from[name] === false || typeof from[name] === "object", "false or a table");
  }
  return {
    plugin_json: asText(from.plugin_json),
    cli,
    keys: from.keys !== false && asRecord(from.keys),
    attach: begin !== "" ? begin : undefined,
    palette: flag(from, "palette", false),
    status: from.status === "always" ? "always" : flag(from, "status", false),
    notifications: flag(from, "notifications", mayToast()),
    reattach: flag(from, "reattach", true),
    keep_local_tab: flag(from, "keep_local_tab", true),
    same_place: flag(from, "same_place", true),
    messages: readMessages(from.messages),
  };
}

/**
 * A toast of an unsigned build for macOS that is newer than 20240203 ends WezTerm by an exception that no pcall
 * catches (NixOS/nixpkgs#397866, wezterm#6731, #7225). nixpkgs' builds were unsigned until 2026-07.
 */
function mayToast(): boolean {
  const isNix = wezterm.version.startsWith("0-") || wezterm.executable_dir.startsWith("/nix/store");
  return !isNix || positionOf(wezterm.target_triple, "darwin") < 0;
}

function readMessages(given: unknown): Options["messages"] {
  const from = asRecord(given);
  warnUnknown(from, ["attach", "notify", "open"], "messages.");
  const usual = given !== false;
  return {
    open: flag(from, "open", usual),
    notify: flag(from, "notify", usual),
    attach: flag(from, "attach", usual),
  };
}

function flag(from: Loose, name: string, fallback: boolean): boolean {
  const value = from[name];
  expect(from, name, typeof value === "boolean", "true or false");
  if (typeof value === "boolean") return value;
  return fallback;
}

function expect(from: Loose, name: string, fits: boolean, kind: string): void {
  if (from[name] !== undefined && !fits) warn(`${name} is ${kind}`);
}

export function warnUnknown(from: Loose, known: readonly string[], prefix: string): void {
  for (const name in from) {
    if (oneOf(name, known, "") === "") {
      const near = nearest(`${name}`, known);
      warn(`unknown option ${prefix}${name}${near === undefined ? "" : `; did you mean ${prefix}${near}?`}`);
    }
  }
}
