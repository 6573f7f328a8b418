import { posix } from "node:path";
import type { PaletteEntry } from "../../shared/palette.ts";
import type { PathMount } from "../../shared/path-mapping.ts";
import {
  contractVersion,
  domainName,
  type PluginContract,
  proxyDomainName,
  stateFiles,
} from "../../shared/plugin-contract.ts";
import type { Paths } from "../paths.ts";
import type { Settings } from "../settings/settings.ts";
import { shellEnvironment } from "./agent-service.ts";

export interface PluginInputs {
  readonly settings: Pick<Settings, "mounts" | "user" | "wezterm">;
  /** Where a mount really lies, by the name that the settings have for it; only of those that have another. */
  readonly realMounts?: ReadonlyMap<string, string>;
  readonly version: string;
  /** argv of ascalon, absolute, without an environment. */
  readonly cli: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly paths: Pick<Paths, "stateDir" | "instanceDir">;
  readonly palette: readonly PaletteEntry[];
  /** What "open docs" opens; empty: the entry is left out. */
  readonly docsUrl: string;
}

/** Lima's name for the guest in its ssh.config. */
const sshHost = "lima-ascalon";

/** The text of plugin.json. */
export function projectPluginJson(inputs: PluginInputs): string {
  const { settings, paths } = inputs;
  const environment = environmentWords(inputs.env);
  const contract: PluginContract = {
    contract: contractVersion,
    ascalon: inputs.version,
    cli: [...environment, ...inputs.cli],
    statusPath: posix.join(paths.stateDir, stateFiles.status),
    domain: domainName,
    socketPath: posix.join(paths.stateDir, stateFiles.socket),
    proxyDomain: proxyDomainName,
    proxyCommand: [...environment, ...proxyWords(posix.join(paths.instanceDir, "ssh.config"))],
    attach: settings.wezterm.attach,
    key: settings.wezterm.key,
    mounts: settings.mounts.flatMap(({ host }) => mountPlaces(host, inputs)),
    palette: inputs.palette,
    docsUrl: inputs.docsUrl,
  };
  return pluginText(contract);
}

export const pluginText = (contract: object): string => `${JSON.stringify(contract, null, 2)}\n`;

/** A GUI started from the Dock has neither the PATH nor the XDG variables of a shell (wezterm#5777). */
function environmentWords(env: PluginInputs["env"]): string[] {
  const words = Object.entries(shellEnvironment(env)).map(([name, value]) => `${name}=${value}`);
  return ["/usr/bin/env", ...words];
}

/** Outside Lima's master, which hangs with its connection; `--no-auto-start`, or a dead server starts another one. */
function proxyWords(sshConfig: string): string[] {
  const options = ["BatchMode=yes", "ControlMaster=no", "ControlPath=none"].flatMap((option) => [
    "-o",
    option,
  ]);
  return [
    "ssh",
    "-T",
    "-F",
    sshConfig,
    ...options,
    sshHost,
    "wezterm",
    "cli",
    "--no-auto-start",
    "--prefer-mux",
    "proxy",
  ];
}

/**
 * A mount has the same path on both sides; the guest's home links to it when the host's home holds it. A pane tells the
 * path that its folder really has, past a symlink or, on a Mac, with other capitals than in the settings.
 */
function mountPlaces(host: string, { home, settings, realMounts }: PluginInputs): PathMount[] {
  const link = { host, guest: `/home/${settings.user.name}${host.slice(home.length)}` };
  const real = realMounts?.get(host);
  return [
    { host, guest: host },
    ...(host.startsWith(`${home}/`) ? [link] : []),
    ...(real === undefined ? [] : [{ host: real, guest: host }]),
  ];
}
