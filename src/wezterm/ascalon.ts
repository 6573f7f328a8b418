import type { Config, KeyAction, KeyBinding, Window } from "wezterm";
import * as wezterm from "wezterm";
import { contractVersion } from "../shared/plugin-contract.ts";
import { type ActionName, actionNames, emitEvent, events } from "./actions.ts";
import { loadContract, loadMissing } from "./contract-file.ts";
import { addDomains } from "./domains.ts";
import { attempt } from "./guard.ts";
import { registerHandlers } from "./handlers.ts";
import { addKeys, wantedKeys } from "./keys.ts";
import { readOptions } from "./options.ts";
import { chainPalette, paletteEntries } from "./palette.ts";
import { session } from "./session.ts";
import { currentStatus } from "./status-file.ts";
import { textNow } from "./tick.ts";

/** What `require "ascalon"` gives. docs/wezterm.md describes every name; all others are private. */
export const version = "@ascalon-version@";
export const contract_version = contractVersion;

/** The plugin's actions by name, for `config.keys` of the user's own. */
export const action: Record<string, KeyAction> = {};
for (const name of actionNames) action[name] = emitEvent(events[name satisfies ActionName]);

/**
 * Adds domains, keys and handlers. Never raises: the user's configuration goes on whatever is wrong here. Each
 * part stands for itself, so that one that fails does not take the others along.
 */
export function apply_to_config(config: Config, opts?: unknown): Config {
  // In the mux server and the command line there is nothing to do, and a domain would do harm (domains.ts).
  if (wezterm.gui === undefined) return config;
  session.config = config ?? {};
  attempt("options", () => {
    session.options = readOptions(opts);
  });
  attempt("plugin.json", loadContract);
  attempt("domains", () => addDomains(config));
  attempt("keys", () => addKeys(config));
  attempt("events", registerHandlers);
  return config;
}

/** The bindings for a user who merges keys by hand, with `keys = false`: those that would be added without it. */
export function keys(): KeyBinding[] {
  attempt("plugin.json", loadMissing);
  return wantedKeys();
}

/** The entries for a handler of augment-command-palette of the user's own. */
export const palette_entries = paletteEntries;

/** Call it first of all plugins when another one registers augment-command-palette: theirs then runs from ours. */
export const chain_palette = chainPalette;

/** One line for a status bar; empty when all is well. Reads one small file, starts nothing. */
export function status_text(_window?: Window): string {
  const [ok, text] = pcall(() => textNow(currentStatus(), os.time()));
  return ok ? text : "";
}
