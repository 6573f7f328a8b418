// @ts-check
// What apt is asked, and how it is called as root.
import { asRoot } from "./root.mjs";
import { run } from "./run.mjs";

/**
 * @param {string} what what needs root, for the sentence when there is no way
 * @returns {Promise<[file: string, args: string[]]>}
 */
export async function aptGet(what) {
  const [file = "env", ...rest] = [...(await asRoot(what)), "env"];
  const options = ["--quiet=2", "--option", "DPkg::Lock::Timeout=300"];
  return [file, [...rest, "DEBIAN_FRONTEND=noninteractive", "apt-get", ...options]];
}

/**
 * What installing them would add to this host, dependencies included; not what would only be upgraded.
 * @param {readonly string[]} names
 * @returns {Promise<readonly string[]>}
 */
export async function wouldAdd(names) {
  const words = ["--simulate", "--no-install-recommends", "install", ...names];
  const { stdout } = await run("apt-get", words);
  // `Inst NAME [OLD] (NEW …)`: an upgrade has the old version.
  return [...stdout.matchAll(/^Inst (\S+) \(/gm)].map(([, name = ""]) => name);
}

/** Those of the packages that are installed. @param {readonly string[]} names */
export async function installedOf(names) {
  if (names.length === 0) return [];
  // It fails for the names that it does not know, and answers for the others.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own
  const { stdout } = await run("dpkg-query", ["-W", "-f=${Package} ${db:Status-Status}\\n", ...names]);
  return names.filter((name) => stdout.split("\n").includes(`${name} installed`));
}
