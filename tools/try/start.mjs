// @ts-check
// Brings the trial's VM up, with settings that are chosen once; chosen anew as long as no `up` has succeeded with them.
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { isRoot } from "../bed/root.mjs";
import { BedError } from "../bed/run.mjs";
import { ascalon, giveTo, show } from "./place.mjs";
import { say } from "./say.mjs";

/** @typedef {import("./place.mjs").Place} Place */

/** Holds what was chosen and has not been proved. @param {Place} place */
const unproved = (place) => `${place.folder}/unproved.yaml`;

/**
 * @param {Place} place
 * @param {() => Promise<string>} choose the settings
 */
export async function bringUp(place, choose) {
  if (existsSync(place.config) && (await stateOf(place)) === "ready") {
    await rm(unproved(place), { force: true });
    say("The VM is up and ready: nothing is to do.");
    return;
  }
  await chooseSettings(place, choose);
  if (!show(place, ["up", "--timeout", "40m"])) throw new BedError("ascalon up failed; its words are above.");
  await rm(unproved(place), { force: true });
}

/** @param {Place} place @param {() => Promise<string>} choose */
async function chooseSettings(place, choose) {
  const written = await readFile(place.config, "utf8").catch(() => undefined);
  // What a person changed in it is theirs.
  if (written !== undefined && written !== (await readFile(unproved(place), "utf8").catch(() => undefined)))
    return;
  const chosen = await choose();
  if (written !== undefined && written !== chosen) {
    say("The settings are chosen anew, because no VM has come up with the former ones.");
    if (existsSync(place.env.LIMA_HOME) && !show(place, ["destroy", "--yes", "--with-home"]))
      throw new BedError("The VM that never came up could not be deleted; the words of ascalon are above.");
  }
  await writeFile(unproved(place), chosen);
  await writeFile(place.config, chosen);
  if (isRoot) await giveTo(place.user, place.folder);
}

/** @param {Place} place @returns {Promise<string | undefined>} */
async function stateOf(place) {
  return JSON.parse((await ascalon(place, ["status", "--json"])).stdout || "{}").state;
}
