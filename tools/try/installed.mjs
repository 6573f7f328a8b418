// @ts-check
// What the trial brought to this machine, noted for --remove, and its end.
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cacheDir } from "../bed/cache.mjs";
import { asRoot } from "../bed/root.mjs";
import { run } from "../bed/run.mjs";
import { say } from "./say.mjs";

/** @typedef {{ packages: string[], modules: boolean }} Installed */

const installedFile = () => `${cacheDir()}/try-installed.json`;

/** @returns {Promise<Installed>} */
export async function readInstalled() {
  try {
    return JSON.parse(await readFile(installedFile(), "utf8"));
  } catch {
    return { packages: [], modules: false };
  }
}

/** @param {Installed} installed */
export async function writeInstalled(installed) {
  await mkdir(cacheDir(), { recursive: true });
  await writeFile(installedFile(), `${JSON.stringify(installed)}\n`);
}

/** Only what was installed here, and only where nothing else has come to need it. @param {readonly string[]} packages */
export async function removePackages(packages) {
  if (packages.length === 0) return;
  if (!existsSync("/usr/bin/apt-get")) {
    say(
      `These were installed and are kept: ${packages.join(" ")}. Remove them with: brew uninstall ${packages.join(" ")}`,
    );
    return;
  }
  const { stdout } = await run("apt-get", ["--simulate", "remove", ...packages]);
  const others = [...stdout.matchAll(/^Remv (\S+)/gm)]
    .map(([, name]) => name)
    .filter((name) => name && !packages.includes(name));
  if (others.length > 0) {
    say(`Kept, because ${others.join(", ")} needs them: ${packages.join(" ")}`);
    return;
  }
  say(`Removing packages: ${packages.join(" ")}`);
  const [file = "env", ...rest] = [...(await asRoot("Removing packages")), "env"];
  await run(file, [
    ...rest,
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "--quiet=2",
    "--yes",
    "--auto-remove",
    "remove",
    ...packages,
  ]);
}
