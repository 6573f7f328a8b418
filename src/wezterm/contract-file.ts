import * as wezterm from "wezterm";
import { contractMismatch, defaultContract, ownPalette, readContract } from "../shared/contract-reading.ts";
import { stateFiles } from "../shared/plugin-contract.ts";
import { parseJson, readFile } from "./json-file.ts";
import { warn } from "./log.ts";
import { session, stateDir } from "./session.ts";

/** Reads plugin.json into the session; the defaults when it is missing or damaged, said in the log. */
export function loadContract(): void {
  const options = session.options;
  const path = options.plugin_json ?? `${stateDir()}/${stateFiles.plugin}`;
  // Settings that the CLI writes there are live: a new file reloads the configuration.
  wezterm.add_to_config_reload_watch_list(path);
  const defaults = defaultContract(stateDir(), options.cli.length > 0 ? ownPalette() : []);
  const text = readFile(path);
  const value = parseJson(text ?? "");
  if (text !== undefined && typeof value !== "object") warn(`${path} is damaged`);
  session.isRead = typeof value === "object";
  session.pluginContract = session.isRead ? readContract(value, defaults) : defaults;
  session.commandPrefix = options.cli.length > 0 ? options.cli : session.pluginContract.cli;
  session.mismatch = contractMismatch(session.pluginContract.contract, session.pluginContract.ascalon);
  if (session.mismatch !== undefined) warn(`${session.mismatch}`);
}

/**
 * Reads plugin.json again while none was read. WezTerm watches only what is there when it reads the
 * configuration (wezterm config/src/lib.rs, watch_path), and the first `ascalon up` may come after that.
 */
export function loadMissing(): void {
  if (session.isRead) return;
  loadContract();
  session.onLateContract();
}
