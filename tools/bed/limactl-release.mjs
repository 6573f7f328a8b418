// @ts-check
// limactl from the archive of a release, checked against the sums that are published beside it.
import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cached } from "./cache.mjs";
import { download } from "./download.mjs";
import { machineArch } from "./machine-arch.mjs";
import { BedError, must } from "./run.mjs";

/** @typedef {import("./run.mjs").Log} Log */

/** @param {string} version */
export const releasedName = (version) => `limactl-${version}-release-${machineArch}`;

/** @param {string} version */
const releaseUrl = (version) => `https://github.com/lima-vm/lima/releases/download/v${version}`;

/**
 * Undefined where the release cannot be reached, which is no error: there is another way. A wrong sum is one.
 * @param {string} version
 * @param {{ log: Log, url?: string }} options
 * @returns {Promise<string | undefined>} the path of limactl
 */
export async function downloadLimactl(version, { log, url = releaseUrl(version) }) {
  const os = process.platform === "darwin" ? "Darwin" : "Linux";
  // Lima names the architectures as `uname -m` does on each system.
  const arch = machineArch === "arm64" ? (os === "Darwin" ? "arm64" : "aarch64") : "x86_64";
  const archive = `lima-${version}-${os}-${arch}.tar.gz`;
  // A network that drops packets must not keep a person waiting: the small file first, and not for long.
  const sums = await download(`${url}/SHA256SUMS`, 5_000);
  if (sums === undefined) {
    log("The release cannot be reached from here.");
    return undefined;
  }
  const expected = sums
    .toString()
    .match(new RegExp(`^([0-9a-f]{64}) [ *]${archive.replaceAll(".", "\\.")}$`, "m"))?.[1];
  if (expected === undefined) throw new BedError(`The release ${version} of Lima has no ${archive}.`);
  log(`Downloading ${archive}.`);
  const bytes = await download(`${url}/${archive}`, 600_000);
  if (bytes === undefined) return undefined;
  const actual = createHash("sha256").update(bytes).digest("hex");
  if (actual !== expected)
    throw new BedError(`${archive} has the sum ${actual}, but ${expected} was published.`);
  const place = await cached(
    releasedName(version),
    async (temporary) => {
      const file = join(temporary, archive);
      await writeFile(file, bytes);
      await must(`Unpacking ${archive}`, "tar", ["-xzf", file, "-C", temporary, "--no-same-owner"]);
      await rm(file);
    },
    log,
  );
  return join(place, "bin", "limactl");
}
