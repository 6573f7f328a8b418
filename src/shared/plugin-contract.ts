import type { PaletteEntry } from "./palette.ts";
import type { PathMount } from "./path-mapping.ts";

/**
 * plugin.json: what the CLI tells the plugin. The CLI writes it, the plugin reads it when WezTerm evaluates its
 * configuration. A reader takes the fields it knows from any version and says so once when the version is
 * another; a field is never given a second meaning.
 */
export const contractVersion = 1;

export interface PluginContract {
  readonly contract: number;
  /** Version of the ascalon that wrote the file. */
  readonly ascalon: string;
  /**
   * The argv that every command is appended to; all paths absolute. It begins with `/usr/bin/env NAME=VALUE…`,
   * because a GUI started from the Dock has neither the PATH nor the XDG variables of a shell (wezterm#5777).
   */
  readonly cli: readonly string[];
  readonly statusPath: string;
  readonly domain: string;
  /** Host end of the mux link. */
  readonly socketPath: string;
  readonly proxyDomain: string;
  /** argv of the second domain's proxy_command; empty: there is no second domain. */
  readonly proxyCommand: readonly string[];
  readonly attach: "key" | "startup";
  /** `CMD|SHIFT+A`: modifiers, a plus, the key. */
  readonly key: string;
  readonly mounts: readonly PathMount[];
  readonly palette: readonly PaletteEntry[];
  readonly docsUrl: string;
}

/** File names below the state folder that plugin, CLI and agent agree on. */
export const stateFiles = {
  /** Never beside wezterm.lua: WezTerm reloads its configuration on any change in that folder. */
  plugin: "wezterm/plugin.json",
  status: "status.json",
  socket: "sock/mux.sock",
} as const;

/** The plugin's bundle, below the state folder too. Apart, because the plugin itself has no use for its name. */
export const bundleFile = "wezterm/ascalon.lua";

export const domainName = "ascalon";
export const proxyDomainName = "ascalon-proxy";
