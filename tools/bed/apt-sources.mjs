// @ts-check
// Where the stand-in guest's packages come from: what this host's own apt uses, when the host is a Debian.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The guest of a host that is no Debian; its sources are then mmdebstrap's own. */
const defaultSuite = "bookworm";

/** @returns {Promise<{ suite: string, files: readonly string[] }>} */
export async function aptSources() {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  const suite = /^VERSION_CODENAME="?(\w+)"?$/m.exec(release)?.[1];
  if (!/^ID="?debian"?$/m.test(release) || suite === undefined) return { suite: defaultSuite, files: [] };
  const folder = "/etc/apt/sources.list.d";
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.(list|sources)$/.test(name));
  /** @type {string[]} */
  const files = [];
  for (const file of ["/etc/apt/sources.list", ...names.sort().map((name) => join(folder, name))]) {
    if (namesSuite(await readFile(file, "utf8").catch(() => ""), suite)) files.push(file);
  }
  return { suite, files };
}

/**
 * Whether a sources file is of the release itself, and not of another project's packages for it.
 * @param {string} text
 * @param {string} suite
 */
export function namesSuite(text, suite) {
  const words = text.split("\n").filter((line) => /^\s*(deb\s|Suites:)/.test(line));
  return words.some((line) => line.split(/\s+/).includes(suite));
}
