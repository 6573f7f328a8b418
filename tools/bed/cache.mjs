// @ts-check
// Where built things are kept between runs, and how two runs keep out of each other's way.
import { createHash } from "node:crypto";
import {
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from "node:fs/promises";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRoot } from "./root.mjs";
import { run } from "./run.mjs";

/** @typedef {import("./run.mjs").Log} Log */

export const systemCache = "/var/cache/ascalon";
/** Where Go keeps what it fetched and built here. */
export const goFolder = "ascalon-go";

/** What `npm run try` has brought to this machine (tools/try/installed.mjs). */
export const tryNote = "try-installed.json";

/** An image of the stand-in guest, by its recipe. */
export const isGuestImage = (/** @type {string} */ name) => /^guest-\w+-\w+-[0-9a-f]{16}$/.test(name);

/**
 * Whether a thing in the cache is one that the tools made: $ASCALON_CACHE may name a folder with other things in it.
 * @param {string} name
 */
export function isOurs(name) {
  const bare = name.replace(/\.(lock|building-\d+)$/, "");
  return (
    isGuestImage(bare) ||
    /^limactl-[\d.]+-(release-\w+|[0-9a-f]{16})$/.test(bare) ||
    /^go-\d+\.\d+\.\d+-\w+$/.test(bare) ||
    [goFolder, tryNote, `${tryNote}.new`].includes(bare)
  );
}

/**
 * Removes what the tools made, and the folder too when nothing else is in it.
 * @param {{ keep?: string }} [options] the name of what stays
 */
export async function emptyCache({ keep } = {}) {
  const folder = cacheDir();
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((entry) => isOurs(entry) && entry !== keep)) {
    const path = join(folder, name);
    // Some versions of Go leave a toolchain read-only all the same.
    if (name === goFolder) await run("chmod", ["-R", "u+w", path]);
    await rm(path, { recursive: true, force: true });
  }
  await rmdir(folder).catch(() => {});
}

/** The folder to build into: $ASCALON_CACHE, else root's or the user's own. */
export function cacheDir() {
  return process.env.ASCALON_CACHE || (isRoot ? systemCache : join(homedir(), ".cache", "ascalon"));
}

/** All folders where a finished thing may lie: a normal user also takes what root built. */
export function cacheDirs() {
  return process.env.ASCALON_CACHE ? [process.env.ASCALON_CACHE] : [...new Set([cacheDir(), systemCache])];
}

/**
 * A short name for the content of files: their paths below `base`, modes and bytes, and some words beside.
 * @param {string} base
 * @param {readonly string[]} files
 * @param {readonly string[]} words
 */
export async function keyOf(base, files, words) {
  const hash = createHash("sha256").update(JSON.stringify(words));
  for (const file of [...files].sort()) {
    const info = await lstat(file);
    hash.update(`\0${relative(base, file)}\0${info.mode}\0`);
    hash.update(info.isSymbolicLink() ? await readlink(file) : await readFile(file));
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * Finds `name` in a cache, or builds it in a temporary folder beside its place and renames it, so that a half-built thing
 * is never found there. Two builds of one name wait for each other.
 * @param {string} name
 * @param {(temporary: string) => Promise<void>} build fills the folder
 * @param {Log} [log]
 * @returns {Promise<string>}
 */
export async function cached(name, build, log) {
  const found = await findCached(name);
  if (found !== undefined) return found;
  const place = join(cacheDir(), name);
  // Readable by the bed's user, who did not build it.
  await mkdir(cacheDir(), { recursive: true, mode: 0o755 });
  const release = await lock(`${place}.lock`, log);
  const temporary = `${place}.building-${process.pid}`;
  try {
    const meanwhile = await findCached(name);
    if (meanwhile !== undefined) return meanwhile;
    await removeLeftovers(name);
    await mkdir(temporary, { mode: 0o755 });
    await build(temporary);
    await rename(temporary, place);
    return place;
  } finally {
    await rm(temporary, { recursive: true, force: true });
    await release();
  }
}

/** @param {string} name */
async function findCached(name) {
  for (const dir of cacheDirs()) {
    const place = join(dir, name);
    if (await stat(place).catch(() => undefined)) return place;
  }
  return undefined;
}

/** What a killed build left. The lock is held, so nobody is at it. @param {string} name */
async function removeLeftovers(name) {
  for (const entry of await readdir(cacheDir())) {
    if (entry.startsWith(`${name}.building-`))
      await rm(join(cacheDir(), entry), { recursive: true, force: true });
  }
}

/**
 * Takes a lock file with our process's id in it; one whose process is gone is taken over.
 * @param {string} path
 * @param {Log} [log]
 * @returns {Promise<() => Promise<void>>}
 */
async function lock(path, log) {
  let told = false;
  for (;;) {
    try {
      await writeFile(path, `${process.pid}\n`, { flag: "wx" });
      return () => rm(path, { force: true });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
    const owner = Number(await readFile(path, "utf8").catch(() => "0"));
    const ageMs = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
    // Without an id in it, its maker was killed between making and writing it, or is just about to write.
    if (owner > 0 ? !isAlive(owner) : ageMs > 5000) {
      await rm(path, { force: true });
      continue;
    }
    if (!told) log?.(`Waiting for process ${owner}, which is building the same.`);
    told = true;
    await sleep(500);
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}
