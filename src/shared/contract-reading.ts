import { asRecord, asText, asWhole, listOf, oneOf } from "./loose.ts";
import type { PaletteEntry } from "./palette.ts";
import { paletteRows } from "./palette-rows.ts";
import type { PathMount } from "./path-mapping.ts";
import { piecesOf } from "./pieces.ts";
import {
  contractVersion,
  domainName,
  type PluginContract,
  proxyDomainName,
  stateFiles,
} from "./plugin-contract.ts";

/**
 * What holds before the CLI has ever written plugin.json: the domain is there, commands only when the configuration
 * itself names ascalon.
 */
export function defaultContract(folder: string, palette: readonly PaletteEntry[]): PluginContract {
  return {
    contract: contractVersion,
    ascalon: "",
    cli: [],
    statusPath: `${folder}/${stateFiles.status}`,
    domain: domainName,
    socketPath: `${folder}/${stateFiles.socket}`,
    proxyDomain: proxyDomainName,
    proxyCommand: [],
    attach: "key",
    key: "CMD|SHIFT+A",
    mounts: [],
    palette,
    docsUrl: "",
  };
}

/** Parsed plugin.json over the defaults, field by field, whatever version wrote it. Never throws. */
export function readContract(value: unknown, defaults: PluginContract): PluginContract {
  const from = asRecord(value);
  const contract: Record<string, unknown> = {};
  // All texts are alike.
  for (const name in defaults) {
    const usual = asText(defaults[name as "domain"]);
    if (usual !== undefined) contract[name] = asText(from[name]) ?? usual;
  }
  contract.contract = asWhole(from.contract) ?? 0;
  contract.cli = listOf(from.cli, asText);
  contract.proxyCommand = listOf(from.proxyCommand, asText);
  contract.attach = oneOf(from.attach, ["key", "startup"], defaults.attach);
  contract.mounts = listOf(from.mounts, readMount);
  contract.palette = listOf(from.palette, readEntry);
  return contract as unknown as PluginContract;
}

/** One sentence when the two sides are of different contract versions; undefined when they agree. */
export function contractMismatch(contract: number, ascalon: string): string | undefined {
  if (contract === contractVersion) return undefined;
  const versions = `The plugin speaks contract ${contractVersion}, ascalon ${ascalon} contract ${contract}`;
  return contract < contractVersion
    ? `${versions}: upgrade ascalon.`
    : `${versions}: run ascalon wezterm install, or wezterm.plugin.update_all().`;
}

/** The palette of the command line that this plugin was built with. */
export const ownPalette = (): PaletteEntry[] => listOf(piecesOf(paletteRows, "\n"), readRow);

function readRow(row: unknown): PaletteEntry | undefined {
  const [words, brief, icon, runs] = piecesOf(row as string, ";");
  const argv = piecesOf(words as string, " ");
  return readEntry({ id: argv.join("-"), brief, icon: `md_${icon}`, argv, runs });
}

function readMount(value: unknown): PathMount | undefined {
  const from = asRecord(value);
  const host = asText(from.host);
  const guest = asText(from.guest);
  if (host === undefined || guest === undefined) return undefined;
  return { host, guest };
}

function readEntry(value: unknown): PaletteEntry | undefined {
  const from = asRecord(value);
  const id = asText(from.id);
  const brief = asText(from.brief);
  if (id === undefined || brief === undefined) return undefined;
  return {
    id,
    brief,
    doc: asText(from.doc) ?? "",
    icon: asText(from.icon) ?? "md_server",
    argv: listOf(from.argv, asText),
    runs: oneOf(from.runs, ["tab", "silent"], "tab"),
  };
}
