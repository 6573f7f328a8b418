import { posix } from "node:path";
import { argv, execPath } from "node:process";
import { bundleFile, stateFiles } from "../../shared/plugin-contract.ts";
import type { CommandSpec } from "../command.ts";
import type { Context } from "../context.ts";
import { findInPackage } from "../find-in-package.ts";
import { lastingPath } from "../lasting-path.ts";
import { pathsOf } from "../paths.ts";
import { pluginText, projectPluginJson } from "../projections/plugin-json.ts";
import type { Settings } from "../settings/settings.ts";
import { version } from "../version.ts";
import { paletteOf } from "./palette.ts";

type Host = Pick<Context, "env" | "cwd" | "host" | "configFlag" | "files">;

/** Where the plugin's bundle lies for dofile: a path that an upgrade of ascalon does not change. */
export const bundlePathOf = (context: Pick<Context, "env" | "cwd" | "host" | "configFlag">): string =>
  posix.join(pathsOf(context).stateDir, bundleFile);

/**
 * plugin.json's path when the plugin has to be told: it looks in the default folder, because a GUI started from the Dock
 * has no variables of a shell.
 */
export function pluginJsonToName(
  context: Pick<Context, "env" | "cwd" | "host" | "configFlag">,
): string | undefined {
  const { stateDir } = pathsOf(context);
  const isDefault = stateDir === pathsOf({ ...context, env: {} }).stateDir;
  return isDefault ? undefined : posix.join(stateDir, stateFiles.plugin);
}

export interface OwnProgram {
  /** Absolute path of node. */
  readonly node: string;
  /** Absolute path of the script that runs now, as it was called: a link of a package manager outlives an upgrade. */
  readonly script: string;
}

/**
 * Writes plugin.json, and the bundle beside it, where they differ. Called by `wezterm install` and at the end of
 * `up`, so that the plugin follows the settings and the installed version. Returns whether anything changed.
 */
export async function writePluginFiles(
  context: Host,
  settings: Settings,
  table: readonly CommandSpec[],
  program: OwnProgram,
): Promise<boolean> {
  const paths = pathsOf(context);
  const words = (await context.files.isExecutable(program.script))
    ? [program.script]
    : [program.node, program.script];
  const lasting = (paths: readonly string[]): Promise<string[]> =>
    Promise.all(paths.map((path) => lastingPath(context.files, path)));
  const PATH = (await lasting((context.env.PATH ?? "").split(":"))).join(":");
  const text = projectPluginJson({
    settings,
    realMounts: await realMountsOf(context, settings),
    version,
    cli: await lasting(words),
    env: { ...context.env, PATH },
    home: context.host.home,
    paths,
    palette: paletteOf(table),
    docsUrl: await docsUrlOf(context, program.script),
  });
  const bundle = await ownBundle(context, program);
  const wroteBundle = bundle !== undefined && (await writeIfOther(context, bundlePathOf(context), bundle));
  // Last: WezTerm watches it, and then reads both. So a new bundle wants it written, equal or not.
  const path = posix.join(paths.stateDir, stateFiles.plugin);
  if (!wroteBundle) return await writeIfOther(context, path, text);
  await context.files.writeAtomic(path, text, 0o600);
  return true;
}

/** Of mounts that the settings call otherwise; one that is not there yet, or may not be looked at, is taken by its name. */
async function realMountsOf({ files }: Host, { mounts }: Settings): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    mounts.map(
      async ({ host }) => [host, (await files.realPath(host).catch(() => undefined)) ?? host] as const,
    ),
  );
  return new Map(found.filter(([host, real]) => host !== real));
}

/**
 * Brings the live settings into a plugin.json that is there already and leaves all else of it: which program it names is
 * the business of `up`. WezTerm watches the file and binds the key anew. Returns whether anything changed.
 */
export async function updatePluginSettings(
  context: Host,
  { wezterm: { attach, key } }: Pick<Settings, "wezterm">,
): Promise<boolean> {
  const path = posix.join(pathsOf(context).stateDir, stateFiles.plugin);
  const old = parseRecord(await context.files.readText(path));
  return old !== undefined && (await writeIfOther(context, path, pluginText({ ...old, attach, key })));
}

/** Whether plugin.json is missing, damaged, or names a program that is gone, as an old path in Nix's store may be. */
export async function isPluginFileUseless(context: Host): Promise<boolean> {
  const path = posix.join(pathsOf(context).stateDir, stateFiles.plugin);
  const { cli } = { cli: [], ...parseRecord(await context.files.readText(path)) } as { cli: unknown };
  const words = Array.isArray(cli) ? cli.filter((word) => typeof word === "string") : [];
  // The rest is `/usr/bin/env NAME=VALUE…`.
  const programs = words.filter((word) => word.startsWith("/") && word !== "/usr/bin/env");
  const infos = await Promise.all(programs.map((word) => context.files.realPath(word)));
  return infos.length === 0 || infos.includes(undefined);
}

/** undefined: nothing that `up` wrote. */
function parseRecord(text: string | undefined): object | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** WezTerm reloads when a watched file changes, so an equal one is not written. */
async function writeIfOther({ files }: Host, path: string, text: string): Promise<boolean> {
  if ((await files.readText(path)) === text) return false;
  await files.writeAtomic(path, text, 0o600);
  return true;
}

/** lua-out/ascalon.lua of the package that the script belongs to. */
export async function ownBundle(
  context: Pick<Context, "files">,
  { script }: OwnProgram = ownProgram(),
): Promise<string | undefined> {
  const path = await findInPackage(context, script, "lua-out/ascalon.lua");
  return path === undefined ? undefined : context.files.readText(path);
}

/** The docs that came with this version, which fit it and need no network. */
async function docsUrlOf(context: Host, script: string): Promise<string> {
  const path = await findInPackage(context, script, "docs/wezterm.md");
  return path === undefined ? "" : new URL(`file://${encodeURI(path)}`).href;
}

/** The program of this process. */
export const ownProgram = (): OwnProgram => ({ node: execPath, script: argv[1] ?? "" });
