// @ts-check
// `npm run try -- --remove`: what the trial brought, and nothing else.
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { cacheDir, emptyCache, systemCache, tryNote } from "../bed/cache.mjs";
import { findLimactl } from "../bed/limactl.mjs";
import { isRoot } from "../bed/root.mjs";
import { BedError, run } from "../bed/run.mjs";
import { bedUser, findBedUser, removeBedUser } from "../bed/user.mjs";
import { isAnythingNoted, noteOnly, readInstalled } from "./installed.mjs";
import { removeFromLimaCache } from "./lima-cache.mjs";
import { placeOf, show } from "./place.mjs";
import { removePackages } from "./remove-packages.mjs";
import { root, say } from "./say.mjs";

export async function remove() {
  const user = isRoot ? await findBedUser() : await bedUser();
  const hasPlace = user !== undefined && existsSync(`${user.home}/.ascalon-try`);
  const others = await othersTrial();
  if (!hasPlace && !isAnythingNoted()) {
    if (others === undefined) say("Nothing that npm run try installed is still here.");
    else throw new BedError(others);
    return;
  }
  if (user !== undefined && hasPlace) await removeVm(user);
  const installed = await readInstalled();
  if (user !== undefined) await removeFromLimaCache(user, installed.downloads);
  await removeBedUser({ log: say });
  const left = await removeBrought(installed);
  say("Everything else that npm run try installed is gone. npm keeps its own cache of downloads.");
  const still = [left, others].filter((sentence) => sentence !== undefined);
  if (still.length > 0) throw new BedError(still.join("\n"));
}

/** @param {import("../bed/user.mjs").BedUser} user */
async function removeVm(user) {
  const place = placeOf(user, (await findLimactl({ log: say }))?.path ?? "/usr/bin/limactl");
  // Without a folder of Lima's it never made a VM.
  if (existsSync(place.env.LIMA_HOME)) {
    say("Deleting the VM and its disks.");
    if (!show(place, ["destroy", "--yes", "--with-home"])) {
      throw new BedError("The VM could not be deleted, so nothing else was removed.");
    }
  }
  await rm(place.folder, { recursive: true, force: true });
}

/**
 * Packages, the cache, and what was built in the checkout. Answers with what to say of formulas that are still here.
 * @param {import("./installed.mjs").Installed} installed
 * @param {string} [checkout]
 */
export async function removeBrought(installed, checkout = root) {
  const left = await removePackages(installed);
  await rm(`${checkout}/dist`, { recursive: true, force: true });
  for (const folder of installed.modules)
    await rm(`${folder}/node_modules`, { recursive: true, force: true });
  say(`Removing what was built in ${cacheDir()}`);
  // Last, because what is noted is in it.
  if (left.length === 0) {
    await emptyCache();
    return undefined;
  }
  await noteOnly({ formulas: [...left] });
  await emptyCache({ keep: tryNote });
  return `Still here, because brew is not in PATH or failed: ${left.join(" ")}. It stays on record; once brew works, remove it with: npm run try -- --remove`;
}

/** What to say of a trial that only root, or only the person behind sudo, can remove. */
async function othersTrial() {
  if (!isRoot) {
    return existsSync(`${systemCache}/${tryNote}`)
      ? "What was installed as root is still here. Remove it with: sudo npm run try -- --remove"
      : undefined;
  }
  const person = process.env.SUDO_USER;
  if (!person || person === "root") return undefined;
  const home = (await run("getent", ["passwd", person])).stdout.split(":")[5];
  return home && (existsSync(`${home}/.ascalon-try`) || existsSync(`${home}/.cache/ascalon/${tryNote}`))
    ? `What ${person} installed without sudo is still here. Remove it with: npm run try -- --remove`
    : undefined;
}
