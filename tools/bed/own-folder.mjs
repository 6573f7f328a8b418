// @ts-check
// Folders that are made here and removed with all that is in them. A marker in them says that they are ours: a folder of
// the same name that is somebody else's is never touched.
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BedError } from "./run.mjs";

const marker = ".made-by-ascalon";

/** Refuses a folder that is there, is not empty and was not made here. @param {string} folder */
export async function checkOwnFolder(folder) {
  const entries = await entriesOf(folder);
  if (entries.length > 0 && !entries.includes(marker)) {
    throw new BedError(
      `${folder} is not empty and was not made by ascalon (it has no ${marker}), so it is not removed. Move it away, then run this again.`,
    );
  }
}

/** Makes the folder, empty but for the marker. @param {string} folder */
export async function makeOwnFolder(folder) {
  await removeOwnFolder(folder);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, marker), "Everything in this folder is removed without asking.\n");
}

/** Removes the folder and everything in it, if it was made here. @param {string} folder */
export async function removeOwnFolder(folder) {
  await checkOwnFolder(folder);
  const options = { recursive: true, force: true, maxRetries: 5, retryDelay: 500 };
  // The marker last, so that a removal that was cut short can be ended by the next one.
  for (const entry of await entriesOf(folder)) if (entry !== marker) await rm(join(folder, entry), options);
  await rm(folder, options);
}

/** None where there is no folder. @param {string} folder */
async function entriesOf(folder) {
  try {
    return await readdir(folder);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return [];
    throw error;
  }
}
