// @ts-check
// The end of the packages that the trial installed: only those, and only where nothing else has come to need them.
import { aptGet, installedOf } from "../bed/apt.mjs";
import { brewEnvironment, brewForMachine } from "../bed/brew.mjs";
import { installedFormulas } from "../bed/packages.mjs";
import { BedError, must, run, which } from "../bed/run.mjs";
import { say } from "./say.mjs";

/**
 * Answers with the formulas that could not be removed. What something else needs is not among them: it is the trial's no more.
 * @param {{ packages: readonly string[], formulas: readonly string[] }} noted
 * @returns {Promise<readonly string[]>}
 */
export async function removePackages({ packages, formulas }) {
  // Before formulas were noted apart, they stood among the packages.
  if (which("apt-get") === undefined) return removeByBrew([...packages, ...formulas]);
  await removeByApt(packages);
  return removeByBrew(formulas);
}

/** @param {readonly string[]} names */
async function removeByApt(names) {
  const installed = await installedOf(names);
  const { free, kept } = await freeOf(installed);
  for (const [name, needs] of kept) say(`Kept, because ${needs.join(", ")} needs it: ${name}`);
  if (free.length === 0) return;
  say(`Removing packages: ${free.join(" ")}`);
  // Without --auto-remove, which also takes what somebody else left behind.
  const [file, args] = await aptGet("Removing packages");
  await must("apt-get remove", file, [...args, "--yes", "remove", ...free], { interactive: file !== "env" });
}

/**
 * The packages whose removal takes nothing with it that is not ours.
 * @param {readonly string[]} names
 */
async function freeOf(names) {
  /** @type {Map<string, readonly string[]>} */
  const kept = new Map();
  if (names.length === 0 || (await alsoRemoved(names, names)).length === 0) return { free: names, kept };
  for (const name of names) {
    const others = await alsoRemoved([name], names);
    if (others.length > 0) kept.set(name, others);
  }
  return { free: names.filter((name) => !kept.has(name)), kept };
}

/** @param {readonly string[]} names @param {readonly string[]} ours */
async function alsoRemoved(names, ours) {
  const stdout = await must("apt-get --simulate remove", "apt-get", ["--simulate", "remove", ...names]);
  const removed = [...stdout.matchAll(/^Remv (\S+)/gm)].map(([, name = ""]) => name);
  return removed.filter((name) => !ours.includes(name));
}

/**
 * Homebrew itself refuses where another formula needs one. Answers with those that are still there for another reason.
 * @param {readonly string[]} names
 * @returns {Promise<readonly string[]>}
 */
async function removeByBrew(names) {
  const brew = brewForMachine();
  if (brew === undefined || names.length === 0) return names;
  const installed = await installedFormulas(brew).catch((error) => {
    if (!(error instanceof BedError)) throw error;
    return say(error.message);
  });
  if (installed === undefined) return names;
  const ours = names.filter((name) => installed.includes(name));
  if (ours.length === 0) return [];
  say(`Removing formulas: ${ours.join(" ")}`);
  const refusals = await uninstall(brew, ours);
  for (const [name, why] of refusals) say(`Kept ${name}: ${why}`);
  return [...refusals].filter(([, why]) => !/\brequired by\b/.test(why)).map(([name]) => name);
}

/**
 * All at once, else each that can be, again as long as one less needs another. Answers with the refusals.
 * @param {string} brew
 * @param {readonly string[]} names
 * @returns {Promise<ReadonlyMap<string, string>>}
 */
async function uninstall(brew, names) {
  // As with apt: what Homebrew takes for an orphan need not be ours.
  const env = { ...brewEnvironment(), HOMEBREW_NO_AUTOREMOVE: "1" };
  /** @param {readonly string[]} some */
  const attempt = (some) => run(brew, ["uninstall", "--formula", ...some], { env });
  /** @type {Map<string, string>} */
  const refusals = new Map();
  if ((await attempt(names)).exitCode === 0) return refusals;
  let rest = names;
  let before = 0;
  do {
    before = rest.length;
    refusals.clear();
    for (const name of rest) {
      const { exitCode, stderr } = await attempt([name]);
      if (exitCode !== 0) refusals.set(name, stderr.trim().split("\n").slice(0, 2).join(" "));
    }
    rest = [...refusals.keys()];
  } while (rest.length > 0 && rest.length < before);
  return refusals;
}
