// @ts-check
// The programs of the host that a VM needs, and where packages have them.
import { existsSync } from "node:fs";
import { aptGet, wouldAdd } from "./apt.mjs";
import { brewEnvironment, brewForMachine } from "./brew.mjs";
import { linuxNeeds, macNeeds } from "./needs.mjs";
import { BedError, must, run, which } from "./run.mjs";

/** @typedef {import("./run.mjs").Log} Log */
/** @typedef {import("./needs.mjs").Need} Need */
/** @typedef {import("./needs.mjs").Purpose} Purpose */
/** @typedef {"apt" | "brew"} Packager */
/** @typedef {(by: Packager, names: readonly string[]) => Promise<void>} Note is told what is about to be added to this host */
/** @typedef {{ log: Log, note?: Note | undefined }} Options */

/**
 * What is missing on this host. Nothing is started and nothing is changed.
 * @param {readonly Purpose[]} purposes
 * @returns {readonly Need[]}
 */
export function missingTools(purposes) {
  const needs = process.platform === "darwin" ? macNeeds : linuxNeeds;
  return needs.filter((need) => purposes.includes(need.for) && !isThere(need));
}

/** @param {Need} need */
function isThere({ tool, files }) {
  return files === undefined ? which(tool) !== undefined : files.some((file) => existsSync(file));
}

/**
 * What a part of the project needs: `try` runs a VM, the tests talk to real peers, and all of them boot one as well.
 * @param {"try" | "process-tests" | "all-tests"} goal
 * @param {Options} options
 */
export async function ensurePackages(goal, options) {
  /** @type {Record<typeof goal, readonly Purpose[]>} */
  const purposes = { try: ["vm"], "process-tests": ["tests"], "all-tests": ["tests", "vm", "guest"] };
  return installMissingTools(purposes[goal], options);
}

/**
 * Installs what is missing, and says so before. Answers with the names of the installed packages.
 * @param {readonly Purpose[]} purposes
 * @param {Options} options
 * @returns {Promise<readonly string[]>}
 */
export async function installMissingTools(purposes, options) {
  const missing = missingTools(purposes);
  if (missing.length === 0) return [];
  const tools = missing.map((need) => need.tool).join(", ");
  const packages = await installPackages(missing, options);
  const still = missingTools(purposes).map((need) => need.tool);
  if (still.length > 0)
    throw new BedError(`Still missing after installing ${packages.join(" ")}: ${still.join(", ")}.`);
  options.log(`Installed for ${tools}.`);
  return packages;
}

/**
 * @param {readonly { tool: string, apt: string, brew?: string }[]} needs
 * @param {Options} options
 */
export async function installPackages(needs, { log, note }) {
  const tools = needs.map((need) => need.tool).join(", ");
  if (process.platform === "linux" && which("apt-get") !== undefined) {
    const packages = [...new Set(needs.map((need) => need.apt))];
    log(`Missing: ${tools}. Installing by apt-get: ${packages.join(" ")}`);
    await aptInstall(packages, { log, note });
    return packages;
  }
  const brew = brewForMachine();
  const formulas = [...new Set(needs.flatMap((need) => need.brew ?? []))];
  if (brew !== undefined && formulas.length > 0) {
    log(`Missing: ${tools}. Installing by Homebrew: ${formulas.join(" ")}`);
    await brewInstall(brew, formulas, { log, note });
    return formulas;
  }
  throw new BedError(
    `Missing: ${tools}. There is neither apt-get nor Homebrew here: install them by hand, then run this again.`,
  );
}

/**
 * @param {readonly string[]} packages
 * @param {Options} options
 */
async function aptInstall(packages, { log, note }) {
  const [file, apt] = await aptGet(`Installing ${packages.join(" ")}`);
  const options = { log, interactive: file !== "env" };
  // Package lists may be old or, in a new container, absent. A source that fails need not be one that is asked for.
  await run(file, [...apt, "update"], options);
  await note?.("apt", await wouldAdd(packages));
  await must(
    "apt-get install",
    file,
    [...apt, "install", "--yes", "--no-install-recommends", ...packages],
    options,
  );
}

/**
 * @param {string} brew
 * @param {readonly string[]} formulas
 * @param {Options} options
 */
export async function brewInstall(brew, formulas, { log, note }) {
  const before = await installedFormulas(brew);
  await note?.(
    "brew",
    formulas.filter((name) => !before.includes(name)),
  );
  await must("brew install", brew, ["install", ...formulas], { log, env: brewEnvironment() });
  // What came along; Homebrew cannot tell it beforehand in a form for programs.
  await note?.(
    "brew",
    (await installedFormulas(brew)).filter((name) => !before.includes(name)),
  );
}

/** @param {string} brew */
export async function installedFormulas(brew) {
  const stdout = await must("brew list", brew, ["list", "--formula", "-1"], { env: brewEnvironment() });
  return stdout.split("\n").filter((line) => line !== "");
}
