import { posix } from "node:path";
import { bundleFile, contractVersion, stateFiles } from "../../shared/plugin-contract.ts";
import type { Context } from "../context.ts";
import { version } from "../version.ts";
import { configFolders } from "../wezterm/config-file.ts";
import { loadsPlugin } from "../wezterm/loads-plugin.ts";
import { isPluginFileUseless, ownBundle } from "../wezterm/plugin-files.ts";
import { check, type Finding } from "./check.ts";

/** One bundle of the plugin that WezTerm may load. */
interface Bundle {
  readonly path: string;
  readonly version: string;
  readonly contract: number;
  /** WezTerm's own clone (wezterm.plugin.require), which only WezTerm updates. */
  readonly isClone: boolean;
}

export const wezTermPlugin = check(
  "wezterm-plugin",
  "The WezTerm plugin and ascalon understand each other's file.",
  async ({ context, paths }) => {
    const own = posix.join(paths.stateDir, bundleFile);
    const clones = await clonesOf(context);
    const bundles = (
      await Promise.all([
        readBundle(context, own, false),
        ...clones.map((path) => readBundle(context, path, true)),
      ])
    ).filter((bundle) => bundle !== undefined);
    if (bundles.length === 0) {
      return {
        verdict: "skipped",
        evidence: "WezTerm does not have ascalon's plugin (ascalon wezterm install adds it)",
      };
    }
    const other = bundles.find(({ contract }) => contract !== contractVersion);
    if (other) return mismatch(other);
    if (bundles.some(({ path }) => path === own) && (await isOfAnotherBuild(context, own)))
      return {
        verdict: "warning",
        evidence: `${own} is the plugin of another build of ascalon`,
        fix: "ascalon up    (WezTerm then loads the new one by itself)",
      };
    const contract = posix.join(paths.stateDir, stateFiles.plugin);
    if ((await context.files.info(contract)) && (await isPluginFileUseless(context)))
      return {
        verdict: "problem",
        evidence: `${contract} is damaged, or names a program that is gone: the plugin cannot call ascalon`,
        fix: "ascalon up",
      };
    // `up` puts the plugin there for whoever may want it. Of a configuration that this user may not read, nothing is said.
    const isLoaded =
      bundles.some(({ isClone }) => isClone) ||
      (await loadsPlugin(context, await configFolders(context)).catch(() => true));
    if (!isLoaded)
      return {
        verdict: "skipped",
        evidence: "no configuration of WezTerm loads ascalon's plugin (ascalon wezterm install adds it)",
      };
    const seen = bundles.map((bundle) => `${bundle.version} in ${bundle.path}`).join(", ");
    return { verdict: "ok", evidence: `contract ${contractVersion} on both sides: ${seen}` };
  },
);

function mismatch(bundle: Bundle): Omit<Finding, "id"> {
  const update = bundle.isClone
    ? "wezterm.plugin.update_all() in WezTerm's debug overlay"
    : "ascalon wezterm install";
  return {
    verdict: "problem",
    evidence: `the plugin ${bundle.version} in ${bundle.path} speaks contract ${bundle.contract}, ascalon ${version} contract ${contractVersion}`,
    fix: bundle.contract < contractVersion ? update : "upgrade ascalon",
  };
}

/** `up` puts the plugin there, so after an upgrade it is the one before. Where this ascalon has none, nothing is said. */
async function isOfAnotherBuild({ files }: Context, path: string): Promise<boolean> {
  const bundle = await ownBundle({ files });
  return bundle !== undefined && (await files.readText(path)) !== bundle;
}

/** WezTerm's DATA_DIR (wezterm config/src/config.rs), where each plugin is a clone of its repository. */
async function clonesOf({ env, files, host }: Context): Promise<readonly string[]> {
  const data =
    host.platform === "darwin"
      ? `${host.home}/Library/Application Support`
      : env.XDG_DATA_HOME || `${host.home}/.local/share`;
  const folder = `${data}/wezterm/plugins`;
  const names = (await files.list(folder)) ?? [];
  return names.map((name) => `${folder}/${name}/lua-out/ascalon.lua`);
}

/** The bundle says in its first line what it is (tools/tstl-plugin.mjs). */
async function readBundle({ files }: Context, path: string, isClone: boolean): Promise<Bundle | undefined> {
  const head = (await files.readBytes(path, 200))?.toString("utf8") ?? "";
  const found = /^-- ascalon ([^\s,]+), contract (\d+):/.exec(head);
  if (!found) return undefined;
  return { path, version: found[1] ?? "", contract: Number(found[2]), isClone };
}
