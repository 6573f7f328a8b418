// @ts-check
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { guestImage } from "../bed/guest-image.mjs";
import { installMissingTools } from "../bed/packages.mjs";
import { BedError } from "../bed/run.mjs";
import { root, say } from "./say.mjs";

/** @typedef {import("./place.mjs").Place} Place */

/**
 * The pinned NixOS image where it can be fetched, else the stand-in.
 * @param {Place} place
 */
export async function chooseImage(place) {
  const template = await readFile(`${root}/templates/try.yaml`, "utf8");
  if (await nixosImageReachable()) {
    say("The pinned NixOS image can be fetched: it is used.");
    // nixos-lima needs 8 GiB for a rebuild (nixos-lima#48); to look around 4 are enough.
    return { text: template.replace("memory: 1GiB", "memory: 4GiB"), packages: [] };
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
  const packages = await installMissingTools(["guest"], { log: say });
  const { disk, kernel, initrd, cmdline } = await guestImage({ log: say });
  const arch = process.arch === "arm64" ? "aarch64" : "x86_64";
  const list = [
    "images:",
    `  - location: ${disk}`,
    `    arch: ${arch}`,
    `    kernel: { location: ${kernel}, cmdline: ${JSON.stringify(cmdline)} }`,
    `    initrd: { location: ${initrd} }`,
  ];
  await mkdir(place.folder, { recursive: true, mode: 0o755 });
  await writeFile(`${place.folder}/image.yaml`, `${list.join("\n")}\n`);
  return {
    text: template.replace("vm:\n", `vm:\n  image: ${place.folder}/image.yaml # the stand-in guest\n`),
    packages,
  };
}

async function nixosImageReachable() {
  const source = await readFile(`${root}/src/cli/projections/nixos-image.ts`, "utf8");
  const base = /https:\/\/[^"`$]+/.exec(source)?.[0];
  if (base === undefined) throw new BedError("src/cli/projections/nixos-image.ts names no image.");
  try {
    const { host } = new URL(base);
    await fetch(`https://${host}/`, { method: "HEAD", signal: AbortSignal.timeout(5000) });
    return true;
  } catch {
    return false;
  }
}
