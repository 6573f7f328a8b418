// @ts-check
// The web, asked by curl where there is one, as on every Mac: it knows proxies, which the fetch of Node 20 does not.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { which } from "./run.mjs";

/** Larger than any archive of Lima. */
const mostBytes = 2 ** 28;

/** Whether the file itself can be had: a proxy may answer for the host and refuse the file. @param {string} url */
export async function canBeFetched(url) {
  const limitMs = 10_000;
  const curl = which("curl");
  if (curl !== undefined) return (await byCurl(curl, ["--head", url], limitMs)) !== undefined;
  try {
    return (await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(limitMs) })).ok;
  } catch {
    return false;
  }
}

/**
 * Undefined for what cannot be had, whole and in time.
 * @param {string} url
 * @param {number} limitMs
 * @returns {Promise<Buffer | undefined>}
 */
export async function download(url, limitMs) {
  const curl = which("curl");
  if (curl !== undefined) return byCurl(curl, [url], limitMs);
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(limitMs) });
    return response.ok ? Buffer.from(await response.arrayBuffer()) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} curl
 * @param {readonly string[]} args
 * @param {number} limitMs
 * @returns {Promise<Buffer | undefined>}
 */
async function byCurl(curl, args, limitMs) {
  const seconds = String(limitMs / 1000);
  const options = ["--fail", "--silent", "--location", "--connect-timeout", "10", "--max-time", seconds];
  try {
    const limits = { encoding: /** @type {const} */ ("buffer"), maxBuffer: mostBytes };
    return (await promisify(execFile)(curl, [...options, ...args], limits)).stdout;
  } catch {
    return undefined;
  }
}
