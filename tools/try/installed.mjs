// @ts-check
// What the trial brings to this machine, noted before it is brought, so that --remove knows it whatever was cut short.
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { cacheDir, tryNote } from "../bed/cache.mjs";

/** @typedef {import("../bed/packages.mjs").Packager} Packager */
/**
 * @typedef {object} Installed
 * @property {string[]} packages apt's, with all that they brought along
 * @property {string[]} formulas Homebrew's
 * @property {string[]} modules checkouts that had no node_modules
 * @property {string[]} downloads addresses that Lima keeps a copy of because of the trial
 */

const installedFile = () => `${cacheDir()}/${tryNote}`;

export const isAnythingNoted = () => existsSync(installedFile());

/** @returns {Promise<Installed>} */
export async function readInstalled() {
  const none = { packages: [], formulas: [], modules: [], downloads: [] };
  try {
    const noted = { ...none, ...JSON.parse(await readFile(installedFile(), "utf8")) };
    // An older trial noted no more than that there were some.
    return { ...noted, modules: Array.isArray(noted.modules) ? noted.modules : [] };
  } catch {
    return none;
  }
}

/** Adds to what is noted. @param {Partial<Installed>} more */
export async function note(more) {
  const known = await readInstalled();
  /** @param {"packages" | "formulas" | "modules" | "downloads"} key */
  const both = (key) => [...new Set([...known[key], ...(more[key] ?? [])])];
  await write({
    packages: both("packages"),
    formulas: both("formulas"),
    modules: both("modules"),
    downloads: both("downloads"),
  });
}

/** What of it is still here after a removal, in place of all that was noted. @param {Partial<Installed>} left */
export const noteOnly = (left) => write(left);

/** @param {Partial<Installed>} installed */
async function write(installed) {
  await mkdir(cacheDir(), { recursive: true, mode: 0o755 });
  // Whole or not at all: what is noted must outlive a kill.
  await writeFile(`${installedFile()}.new`, `${JSON.stringify(installed)}\n`);
  await rename(`${installedFile()}.new`, installedFile());
}

/** @param {Packager} by @param {readonly string[]} names */
export const notePackages = (by, names) =>
  note(by === "apt" ? { packages: [...names] } : { formulas: [...names] });
