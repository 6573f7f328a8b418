// @ts-check
// The stand-in guest, built from packages once and kept. It stands in where the pinned NixOS image cannot be fetched.
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { aptSources } from "./apt-sources.mjs";
import { cacheDir, cacheDirs, cached, isGuestImage, isOurs, keyOf } from "./cache.mjs";
import { machineArch } from "./machine-arch.mjs";
import { asRoot, isRoot, pathOfRoot } from "./root.mjs";
import { BedError, must } from "./run.mjs";

/** @typedef {import("./run.mjs").Log} Log */
/** @typedef {{ dir: string, disk: string, kernel: string, initrd: string, cmdline: string, sizeBytes: number }} GuestImage */

const project = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const recipe = join(project, "test", "guest");
const homeDisk = join(project, "nix", "guest", "home-disk.sh");

// audit=0, mitigations=off: an emulated processor has nothing to protect, and every instruction costs.
const cmdline = `root=/dev/vda rw console=${machineArch === "arm64" ? "ttyAMA0" : "ttyS0"} quiet loglevel=3 mitigations=off nokaslr audit=0`;

/**
 * The image, which is built when no cache has it. `sizeBytes` is the size of its disk, less than which `disk:` may not be.
 * @param {{ log: Log }} options
 * @returns {Promise<GuestImage>}
 */
export async function guestImage({ log }) {
  const client = await bridgeClient();
  try {
    const name = await imageName(client);
    const found = cacheDirs()
      .map((dir) => join(dir, name))
      .find(existsSync);
    if (found !== undefined) return await describe(found);
    const sources = await aptSources();
    const built = await cached(name, (folder) => build(folder, { sources, client }, log), log);
    await removeOldImages();
    return await describe(built);
  } finally {
    await rm(dirname(client), { recursive: true, force: true });
  }
}

/** The guest's side of the bridge, in a folder of its own. Loaded here: `npm run try` begins before there are packages. */
async function bridgeClient() {
  const folder = await mkdtemp(join(tmpdir(), "ascalon-guest-"));
  const { buildGuest } = await import("../build.mjs");
  await buildGuest(folder);
  return join(folder, "ascalon-guest.mjs");
}

/** Removes every image, of whichever recipe. @param {{ log?: Log }} [options] */
export async function removeGuestImages({ log } = {}) {
  for (const name of await readdir(cacheDir()).catch(() => [])) {
    if (!isOurs(name) || !name.startsWith("guest-")) continue;
    log?.(`Removing ${join(cacheDir(), name)}.`);
    await rm(join(cacheDir(), name), { recursive: true, force: true });
  }
}

/** Recipes change while they are worked on, and each image takes 400 MB. What nobody built for a week is not in use. */
async function removeOldImages() {
  for (const name of await readdir(cacheDir())) {
    const path = join(cacheDir(), name);
    if (!isGuestImage(name) || Date.now() - (await stat(path)).mtimeMs < 7 * 86_400_000) continue;
    await rm(path, { recursive: true, force: true });
  }
}

/** @param {string} client */
async function imageName(client) {
  const entries = await readdir(recipe, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory() && !/\.(md|ts)$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const { suite } = await aptSources();
  return `guest-${suite}-${machineArch}-${await keyOf(project, [...files, homeDisk], [await readFile(client, "utf8")])}`;
}

/** @param {string} dir @returns {Promise<GuestImage>} */
async function describe(dir) {
  const disk = join(dir, "disk.raw");
  return {
    dir,
    disk,
    kernel: join(dir, "vmlinux"),
    initrd: join(dir, "initrd"),
    cmdline,
    sizeBytes: (await stat(disk)).size,
  };
}

/**
 * @param {string} folder
 * @param {{ sources: { suite: string, files: readonly string[] }, client: string }} from
 * @param {Log} log
 */
async function build(folder, { sources, client }, log) {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  if (freeBytes < 2 ** 31)
    throw new BedError(
      `${folder} has only ${Math.floor(freeBytes / 2 ** 20)} MiB free; the guest needs 2 GiB while it is built.`,
    );
  log(
    `Building the stand-in guest (Debian ${sources.suite}) from packages, which takes about a minute. It is kept in ${dirname(folder)}.`,
  );
  const sudo = await asRoot("Building the stand-in guest (its files belong to root)");
  const env = {
    PATH: pathOfRoot(),
    SUITE: sources.suite,
    SOURCES: sources.files.join("\n"),
    HOME_DISK: homeDisk,
    BRIDGE_CLIENT: client,
  };
  // Through env, because sudo drops the environment.
  const command = [
    ...sudo,
    "env",
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    join(recipe, "build.sh"),
    folder,
  ];
  try {
    await must("Building the stand-in guest", command[0] ?? "", command.slice(1), {
      log,
      interactive: !isRoot,
    });
  } catch (error) {
    // What root left could not be removed by a normal user.
    if (!isRoot)
      await must("Cleaning up", sudo[0] ?? "", [...sudo.slice(1), "rm", "-rf", "--one-file-system", folder]);
    throw error;
  }
  if (isRoot) return;
  const owner = `${process.getuid?.()}:${process.getgid?.()}`;
  await must("Handing the guest over", sudo[0] ?? "", [...sudo.slice(1), "chown", "-R", owner, folder]);
}
