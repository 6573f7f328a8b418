// @ts-check
// Finds a limactl that is new enough, or gets one: Homebrew, else the release's archive, else built from a pinned Go module.
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { binaryArch } from "./binary-arch.mjs";
import { brewForMachine } from "./brew.mjs";
import { cacheDirs } from "./cache.mjs";
import { buildLimactl, builtName } from "./limactl-build.mjs";
import { downloadLimactl, releasedName } from "./limactl-release.mjs";
import { machineArch } from "./machine-arch.mjs";
import { brewInstall } from "./packages.mjs";
import { BedError, everyWhich, isExecutable } from "./run.mjs";
import { bedUser, runAs } from "./user.mjs";

/** @typedef {import("./run.mjs").Log} Log */
/** @typedef {"path" | "cache" | "homebrew" | "release" | "built"} Source */
/** @typedef {{ path: string, version: string, source: Source }} Limactl */

/** Older ones leave the guest agent's socket open to every user of the guest. */
export const minimumVersion = "2.1.3";
/** What is downloaded or built when there is none. */
export const pinnedVersion = "2.2.0";

/**
 * The limactl to use, without changing anything on this host. First PATH, then what an earlier run put into the cache.
 * @param {{ log?: Log }} [options] is told why a limactl that was found cannot be used
 * @returns {Promise<Limactl | undefined>}
 */
export async function findLimactl({ log } = {}) {
  /** @type {[string, Source][]} */
  const candidates = everyWhich("limactl").map((path) => [path, "path"]);
  for (const name of [releasedName(pinnedVersion), await builtName(pinnedVersion)]) {
    for (const dir of cacheDirs()) candidates.push([join(dir, name, "bin", "limactl"), "cache"]);
  }
  for (const [path, source] of candidates) {
    if (!existsSync(path)) continue;
    const fault = await faultOf(path);
    if (typeof fault !== "string") return { path, version: fault.version, source };
    log?.(`${path} is not used: ${fault}.`);
  }
  return undefined;
}

/**
 * The limactl to use; gets one when there is none, and says how before.
 * @param {import("./packages.mjs").Options} options
 * @returns {Promise<Limactl>}
 */
export async function limactl({ log, note }) {
  const found = await findLimactl({ log });
  if (found !== undefined) return found;
  const brew = brewForMachine();
  if (brew !== undefined) {
    log("Installing limactl by Homebrew: lima");
    await brewInstall(brew, ["lima"], { log, note });
    return checked(join(dirname(brew), "limactl"), "homebrew");
  }
  log(`There is no limactl >= ${minimumVersion} here. Looking for the release ${pinnedVersion} of Lima.`);
  const released = await downloadLimactl(pinnedVersion, { log });
  if (released !== undefined) return checked(released, "release");
  if (process.platform === "darwin") {
    throw new BedError(
      "limactl is missing, and its release cannot be reached. Install Homebrew, then: brew install lima",
    );
  }
  return checked(await buildLimactl(pinnedVersion, { log, note }), "built");
}

/**
 * @param {string} path
 * @param {Source} source
 * @returns {Promise<Limactl>}
 */
async function checked(path, source) {
  const fault = isExecutable(path) ? await faultOf(path) : `it is not in ${dirname(path)}`;
  if (typeof fault === "string") throw new BedError(`limactl was installed, but cannot be used: ${fault}.`);
  return { path, version: fault.version, source };
}

/**
 * Why a limactl cannot be used, or its version.
 * @param {string} path
 * @returns {Promise<string | { version: string }>}
 */
async function faultOf(path) {
  const arch = binaryArch(path);
  if (arch !== undefined && arch !== machineArch)
    return `it is made for ${arch}, this machine is ${machineArch}`;
  // Also for its version limactl wants a normal user.
  const result = await runAs(await bedUser(), path, ["--version"], { timeoutMs: 20_000 });
  const version = /(\d+)\.(\d+)\.(\d+)\S*/.exec(result.stdout)?.[0];
  if (result.exitCode !== 0 || version === undefined)
    return `it does not tell its version (${result.stderr.trim()})`;
  if (isOlder(version, minimumVersion)) return `its version ${version} is older than ${minimumVersion}`;
  return hasGuestAgent(path)
    ? { version }
    : "the guest agent for this architecture is not installed beside it";
}

/** Lima looks for it relative to its own place, with links followed. @param {string} path */
function hasGuestAgent(path) {
  const share = join(dirname(dirname(realpathSync(path))), "share", "lima");
  const name = `lima-guestagent.Linux-${machineArch === "arm64" ? "aarch64" : "x86_64"}`;
  return existsSync(share) && readdirSync(share).some((entry) => entry === name || entry === `${name}.gz`);
}

/**
 * @param {string} version
 * @param {string} than
 */
export function isOlder(version, than) {
  const [a = [], b = []] = [version, than].map((text) => text.split(/[.+-]/).slice(0, 3).map(Number));
  for (const index of [0, 1, 2]) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
