import { readFileSync } from "node:fs";
import { contractVersion, type PluginContract } from "../../src/shared/plugin-contract.ts";
import type { StatusFile } from "../../src/shared/status.ts";
import type { Engine } from "./engine.ts";

export const bundle = readFileSync(new URL("../../lua-out/ascalon.lua", import.meta.url), "utf8");
export const shim = readFileSync(new URL("../../plugin/init.lua", import.meta.url), "utf8");

export const stateDir = "/Users/ada/.local/state/ascalon";
export const socketPath = `${stateDir}/sock/mux.sock`;
export const bundlePath = `${stateDir}/wezterm/ascalon.lua`;

export interface DoubleTab {
  readonly domain: string;
  readonly cwd?: string;
  readonly args?: readonly string[];
  readonly active: boolean;
  /** Of a tab with splits: which pane has the focus, counted from 1. */
  readonly focus?: number;
  readonly zoomed?: boolean;
}

export interface DoubleState {
  readonly windows: readonly {
    readonly tabs: readonly DoubleTab[];
    readonly rightStatus?: string;
    readonly overlay?: { readonly description: string; readonly labels: readonly string[] };
  }[];
  readonly domains: readonly {
    readonly name: string;
    readonly attached: boolean;
    readonly attaching: boolean;
  }[];
  readonly log: readonly { readonly level: string; readonly text: string }[];
  readonly toasts: readonly string[];
  readonly children: readonly string[];
  readonly opened: readonly string[];
  readonly reads: readonly string[];
  readonly violations: readonly string[];
  readonly announced: readonly {
    readonly name: string;
    readonly details?: Readonly<Record<string, string>>;
  }[];
  readonly attaches: number;
  readonly exited: boolean;
  readonly focused?: number;
  readonly workspace: string;
  readonly timers: number;
  readonly tasks: number;
}

export type Send = (op: string, args?: Readonly<Record<string, unknown>>) => Promise<unknown>;

export const sender =
  (engine: Engine): Send =>
  async (op, args = {}) => {
    const answer = JSON.parse(await engine.dispatch(JSON.stringify({ op, ...args })));
    if (answer.problem !== undefined) throw new Error(answer.problem);
    return answer.value;
  };

export const contract: PluginContract = {
  contract: contractVersion,
  ascalon: "0.1.0",
  cli: ["/usr/bin/env", "PATH=/usr/bin", "/usr/bin/node", "/opt/ascalon.mjs"],
  statusPath: `${stateDir}/status.json`,
  domain: "ascalon",
  socketPath,
  proxyDomain: "ascalon-proxy",
  proxyCommand: ["/usr/bin/ssh", "vm", "wezterm", "cli", "proxy"],
  attach: "key",
  key: "CMD|SHIFT+A",
  mounts: [
    { host: "/Users/ada/Projects", guest: "/Users/ada/Projects" },
    { host: "/Users/ada/Projects", guest: "/home/dev/Projects" },
  ],
  palette: [
    {
      id: "doctor",
      brief: "doctor",
      doc: "Checks everything",
      icon: "md_stethoscope",
      argv: ["doctor"],
      runs: "tab",
    },
    { id: "stop", brief: "stop the VM", doc: "Stops it", icon: "md_stop", argv: ["stop"], runs: "silent" },
  ],
  docsUrl: "https://example.org/ascalon",
};

/** wezterm.lua of a person who loads the plugin as `ascalon wezterm install` writes it. */
export const configText = (opts = "", before = "", after = ""): string => `
local wezterm = require("wezterm")
local config = wezterm.config_builder()
${before}
local ascalon = dofile("${bundlePath}")
ascalon.apply_to_config(config${opts === "" ? "" : `, ${opts}`})
${after}
return config
`;

/** Before the double's time begins. */
const upSince = 1_799_999_900;

/** A status.json of a VM in which all is well, at the double's time. */
export function wellStatus(now: number, changes: Partial<StatusFile> = {}): StatusFile {
  return {
    schema: 1,
    writtenAt: now,
    nextWriteBy: now + 15,
    ascalon: "0.1.0",
    vm: { state: "running", since: upSince },
    links: [{ name: "mux", state: "up", since: upSince, rttMs: 0.4 }],
    mux: { socketPath, codec: 44, version: "20250223" },
    gui: [{ pid: 4242, codec: 44, version: "20250223" }],
    codec: { verdict: "equal" },
    attention: [],
    ...changes,
  };
}
