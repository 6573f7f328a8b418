// @ts-check
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { canBeFetched } from "../bed/download.mjs";
import { guestImage } from "../bed/guest-image.mjs";
import { machineArch } from "../bed/machine-arch.mjs";
import { installMissingTools } from "../bed/packages.mjs";
import { BedError } from "../bed/run.mjs";
import { fitToHost } from "./fit-to-host.mjs";
import { note, notePackages } from "./installed.mjs";
import { limaKeeps } from "./lima-cache.mjs";
import { root, say } from "./say.mjs";

/** @typedef {import("./place.mjs").Place} Place */

/**
 * The settings with the pinned NixOS image where it can be fetched, else with the stand-in.
 * @param {Place} place
 * @param {string} [url] of the NixOS image
 * @returns {Promise<string>}
 */
export async function chooseImage(place, url) {
  const template = await readFile(`${root}/templates/try.yaml`, "utf8");
  const address = url ?? (await nixosImageUrl());
  const isKept = limaKeeps(place.user, address);
  if (isKept || (await canBeFetched(address))) {
    say(`The pinned NixOS image ${isKept ? "was fetched before" : "can be fetched"}: it is used.`);
    if (!isKept) await note({ downloads: [address] });
    // nixos-lima needs 8 GiB for a rebuild (nixos-lima#48); to look around 4 are enough.
    return fitToHost(template.replace("memory: 1GiB", "memory: 4GiB"), { log: say });
  }
  if (process.platform !== "linux") {
    throw new BedError(
      "The NixOS image cannot be fetched: is the network up? (The stand-in guest is built on Debian and Ubuntu only.)",
    );
  }
  say("The pinned NixOS image cannot be fetched from here.");
  say(
    "A STAND-IN is used instead: a small Debian guest built from packages. It boots, mounts, links and keeps",
  );
  say("/home like the real guest; it is not NixOS, so `ascalon rebuild` has nothing to work on.");
  await installMissingTools(["guest"], { log: say, note: notePackages });
  const { disk, kernel, initrd, cmdline } = await guestImage({ log: say });
  const arch = machineArch === "arm64" ? "aarch64" : "x86_64";
  const list = [
    "images:",
    `  - location: ${disk}`,
    `    arch: ${arch}`,
    `    kernel: { location: ${kernel}, cmdline: ${JSON.stringify(cmdline)} }`,
    `    initrd: { location: ${initrd} }`,
  ];
  await mkdir(place.folder, { recursive: true, mode: 0o755 });
  await writeFile(`${place.folder}/image.yaml`, `${list.join("\n")}\n`);
  const settings = template.replace(
    "vm:\n",
    `vm:\n  image: ${place.folder}/image.yaml # the stand-in guest\n`,
  );
  return fitToHost(settings, { log: say });
}

/** The address that src/cli/projections/nixos-image.ts names for this processor. It is not built yet, so it is read. */
export async function nixosImageUrl() {
  const source = await readFile(`${root}/src/cli/projections/nixos-image.ts`, "utf8");
  const release = /https:\/\/[^"`$]+/.exec(source)?.[0];
  if (release === undefined) throw new BedError("src/cli/projections/nixos-image.ts names no image.");
  return `${release}-${machineArch === "arm64" ? "aarch64" : "x86_64"}.qcow2`;
}
