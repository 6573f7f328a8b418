// @ts-check
// Brings the trial's VM up, with settings that are chosen once; chosen anew as long as no VM has come up with them.
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { isRoot } from "../bed/root.mjs";
import { BedError } from "../bed/run.mjs";
import { ascalon, giveTo, show } from "./place.mjs";
import { say } from "./say.mjs";

/** @typedef {import("./place.mjs").Place} Place */

/** A guest that formats its home disk of 5 GiB writes 2.7 MiB; an empty image takes less than a quarter of one. */
const writtenBytes = 1024 ** 2;

/** Holds what was chosen and has not been proved. @param {Place} place */
const unproved = (place) => `${place.folder}/unproved.yaml`;

/** The same, and stays: what was chosen is not what a person wrote. @param {Place} place */
const lastChosen = (place) => `${place.folder}/chosen.yaml`;

/**
 * @param {Place} place
 * @param {() => Promise<string>} choose the settings
 */
export async function bringUp(place, choose) {
  let isGone = false;
  if (existsSync(place.config)) {
    const status = await statusOf(place);
    // Whoever brought it up: after an `up` that failed here, a person is told to go on with `ascalon up`.
    if (await hasComeUp(place, status)) await rm(unproved(place), { force: true });
    if (status.state === "ready") return say("The VM is up and ready: nothing to do.");
    isGone = status.state === "absent";
  }
  await chooseSettings(place, choose, isGone);
  if (!show(place, ["up", "--timeout", "40m"])) {
    throw new BedError(
      "ascalon up failed; its output is above. To start from scratch, without what is in the VM: npm run try -- --remove",
    );
  }
  await rm(unproved(place), { force: true });
}

/**
 * @param {Place} place
 * @param {() => Promise<string>} choose
 * @param {boolean} isGone there is no VM any more: the image that it was made of may be gone as well
 */
async function chooseSettings(place, choose, isGone) {
  const written = await readText(place.config);
  const former =
    (await readText(unproved(place))) ?? (isGone ? await readText(lastChosen(place)) : undefined);
  // What a person changed in it is theirs.
  if (written !== undefined && written !== former) return;
  const chosen = await choose();
  if (written !== undefined && written !== chosen) {
    say("Choosing the settings again, because no VM has come up with the former ones.");
    if (!isGone && existsSync(place.env.LIMA_HOME) && !show(place, ["destroy", "--yes"]))
      throw new BedError("The VM that never came up could not be deleted; ascalon's output is above.");
  }
  await writeFile(lastChosen(place), chosen);
  await writeFile(unproved(place), chosen);
  await writeFile(place.config, chosen);
  if (isRoot) await giveTo(place.user, place.folder);
}

/** @param {string} path @returns {Promise<string | undefined>} */
const readText = (path) => readFile(path, "utf8").catch(() => undefined);

/** @typedef {{ state?: string, disks?: { home: { allocatedBytes: number } | null } }} Status */

/**
 * Whether there is a VM that has ever come up, in which somebody may have worked. One of which nothing can be known counts.
 * @param {Place} place
 * @param {Status} status
 */
async function hasComeUp(place, { state, disks }) {
  if (state === "ready" || disks === undefined) return true;
  if (state === "absent" || state === "incomplete") return false;
  // Lima begins its log anew at each start; what the guest wrote to the disk stays.
  if ((disks.home?.allocatedBytes ?? 0) >= writtenBytes) return true;
  const log = await readFile(`${place.env.LIMA_HOME}/ascalon/ha.stdout.log`, "utf8").catch(() => "");
  return log.includes('"running":true');
}

/** @param {Place} place @returns {Promise<Status>} */
async function statusOf(place) {
  return JSON.parse((await ascalon(place, ["status", "--json"])).stdout || "{}");
}
