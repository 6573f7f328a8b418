import type { Config, KeyAction } from "wezterm";
import * as wezterm from "wezterm";
import { defaultContract } from "../shared/contract-reading.ts";
import type { PluginContract } from "../shared/plugin-contract.ts";
import { type Options, readOptions } from "./options.ts";

/** What one evaluation of the configuration knows. Lives as long as that Lua state; see memory.ts for longer. */
export interface Session {
  options: Options;
  pluginContract: PluginContract;
  /** The argv that begins every command; empty when ascalon was never found. */
  commandPrefix: readonly string[];
  /** There was a plugin.json. */
  isRead: boolean;
  /** Said once, in the status text and in the log: plugin and CLI are of different versions. */
  mismatch: string | undefined;
  /** The configuration that the plugin was applied to. */
  config: Config;
  /** Registers what a plugin.json brings that came after the handlers. */
  onLateContract: (this: void) => void;
  /** Answers the explanation and the menu; made once, because each action_callback registers an event. */
  choose: KeyAction | undefined;
}

export const session: Session = {
  options: readOptions(undefined),
  pluginContract: defaultContract(stateDir(), []),
  commandPrefix: [],
  isRead: false,
  mismatch: undefined,
  config: {},
  onLateContract: () => {},
  choose: undefined,
};

/** Where the CLI keeps its state when no variable of the shell says otherwise. */
export function stateDir(): string {
  const named = os.getenv("XDG_STATE_HOME");
  return `${named?.startsWith("/") ? named : `${wezterm.home_dir}/.local/state`}/ascalon`;
}

export function isVmDomain(name: string): boolean {
  return name === session.pluginContract.domain || name === session.pluginContract.proxyDomain;
}
