import { listOf, oneOf, table, text, whole } from "./loose.ts";
import type { PaletteEntry } from "./palette.ts";
import {
  contractVersion,
  domainName,
  type PathMount,
  type PluginContract,
  proxyDomainName,
  stateFiles,
} from "./plugin-contract.ts";

/** What holds before the CLI has ever written plugin.json: the domain is there, commands are not. */
export function defaultContract(stateDir: string): PluginContract {
  return {
    contract: contractVersion,
    ascalon: "",
    cli: [],
    statusPath: `${stateDir}/${stateFiles.status}`,
    domain: domainName,
    socketPath: `${stateDir}/${stateFiles.socket}`,
    proxyDomain: proxyDomainName,
    proxyCommand: [],
    attach: "key",
    key: "CMD|SHIFT+A",
    mounts: [],
    palette: [],
    docsUrl: "",
  };
}

/** Parsed plugin.json over the defaults, field by field, whatever version wrote it. Never throws. */
export function readContract(value: unknown, defaults: PluginContract): PluginContract {
  const from = table(value);
  return {
    contract: whole(from.contract) ?? 0,
    ascalon: text(from.ascalon) ?? "",
    cli: listOf(from.cli, text),
    statusPath: text(from.statusPath) ?? defaults.statusPath,
    domain: text(from.domain) ?? defaults.domain,
    socketPath: text(from.socketPath) ?? defaults.socketPath,
    proxyDomain: text(from.proxyDomain) ?? defaults.proxyDomain,
    proxyCommand: listOf(from.proxyCommand, text),
    attach: oneOf(from.attach, ["key", "startup"], defaults.attach),
    key: text(from.key) ?? defaults.key,
    mounts: listOf(from.mounts, readMount),
    palette: listOf(from.palette, readEntry),
    docsUrl: text(from.docsUrl) ?? defaults.docsUrl,
  };
}

/** One sentence when the two sides are of different contract versions; undefined when they agree. */
export function contractMismatch(contract: number, ascalon: string): string | undefined {
  if (contract === contractVersion) return undefined;
  const older = contract < contractVersion;
  return older
    ? `ascalon ${ascalon} is older than this plugin (contract ${contract}, here ${contractVersion}): upgrade it, then run ascalon wezterm install.`
    : `This plugin is older than ascalon ${ascalon} (contract ${contractVersion}, there ${contract}): run ascalon wezterm install, or wezterm.plugin.update_all().`;
}

function readMount(value: unknown): PathMount | undefined {
  const from = table(value);
  const host = text(from.host);
  const guest = text(from.guest);
  return host === undefined || guest === undefined ? undefined : { host, guest };
}

function readEntry(value: unknown): PaletteEntry | undefined {
  const from = table(value);
  const id = text(from.id);
  const brief = text(from.brief);
  if (id === undefined || brief === undefined) return undefined;
  return {
    id,
    brief,
    doc: text(from.doc) ?? "",
    icon: text(from.icon) ?? "md_server",
    argv: listOf(from.argv, text),
    runs: oneOf(from.runs, ["tab", "silent"], "tab"),
  };
}
