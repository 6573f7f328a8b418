// @ts-check
// The end of the packages that the trial installed: only those, and only where nothing else has come to need them.
import { aptGet, installedOf } from "../bed/apt.mjs";
import { installedFormulas } from "../bed/packages.mjs";
import { must, run, which } from "../bed/run.mjs";
import { say } from "./say.mjs";

/** @param {{ packages: readonly string[], formulas: readonly string[] }} noted */
export async function removePackages({ packages, formulas }) {
  if (which("apt-get") !== undefined) await removeByApt(packages);
  // Before formulas were noted apart, they stood among the packages.
  else await removeByBrew([...packages, ...formulas]);
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

/** Homebrew itself refuses where another formula needs one. @param {readonly string[]} names */
async function removeByBrew(names) {
  const brew = which("brew");
  if (brew === undefined) return;
  const installed = await installedFormulas(brew);
  const ours = names.filter((name) => installed.includes(name));
  if (ours.length === 0) return;
  say(`Removing formulas: ${ours.join(" ")}`);
  if ((await run(brew, ["uninstall", "--formula", ...ours], noAutoremove())).exitCode === 0) return;
  for (const name of ours) {
    const { exitCode, stderr } = await run(brew, ["uninstall", "--formula", name], noAutoremove());
    if (exitCode !== 0) say(`Kept ${name}: ${stderr.trim().split("\n")[0]}`);
  }
}

/** As with apt: what Homebrew takes for an orphan need not be ours. */
const noAutoremove = () => ({ env: { ...process.env, HOMEBREW_NO_AUTOREMOVE: "1" } });
