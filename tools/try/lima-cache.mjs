// @ts-check
// Lima keeps what it downloads in the user's cache folder, by the sum of the address, for every VM of that user.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { environmentOf } from "../bed/user.mjs";

/** @typedef {import("../bed/user.mjs").BedUser} BedUser */

/** @param {BedUser} user @param {string} url */
export function limaEntry(user, url) {
  const { HOME = user.home, XDG_CACHE_HOME } = environmentOf(user);
  // As Go's os.UserCacheDir has it.
  const base = process.platform === "darwin" ? `${HOME}/Library/Caches` : XDG_CACHE_HOME || `${HOME}/.cache`;
  return `${base}/lima/download/by-url-sha256/${createHash("sha256").update(url).digest("hex")}`;
}

/** Whether all of it is there; Lima names it so at the end of a download. @param {BedUser} user @param {string} url */
export const limaKeeps = (user, url) => existsSync(`${limaEntry(user, url)}/data`);

/** @param {BedUser} user @param {readonly string[]} urls */
export async function removeFromLimaCache(user, urls) {
  for (const url of urls) await rm(limaEntry(user, url), { recursive: true, force: true });
}
