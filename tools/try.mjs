// @ts-check
// `npm run try`: from nothing to a running VM in one command; `npm run try -- --remove` takes it all away.
// Plain Node without packages, because it runs before `npm ci`.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chown, cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { cacheDir } from "./bed/cache.mjs";
import { guestImage, removeGuestImages } from "./bed/guest-image.mjs";
import { limactl } from "./bed/limactl.mjs";
import { ensurePackages, installMissingTools } from "./bed/packages.mjs";
import { asRoot, isRoot } from "./bed/root.mjs";
import { BedError, run } from "./bed/run.mjs";
import { bedUser, commandAs, environmentOf, removeBedUser } from "./bed/user.mjs";

/** @typedef {import("./bed/user.mjs").BedUser} BedUser */
/** @typedef {{ packages: string[], modules: boolean }} Installed what this script brought, for --remove */

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
/** @param {string} line */
const say = (line) => void process.stdout.write(`${line}\n`);

async function tryIt() {
  const installed = await readInstalled();
  if (!existsSync(`${root}/node_modules/.package-lock.json`)) {
    say("Installing node modules: npm ci");
    step("npm", ["ci", "--no-audit", "--no-fund"]);
    installed.modules = true;
    await writeInstalled(installed);
  }
  const packages = await ensurePackages("try", { log: say });
  const user = await bedUser({ log: say });
  const lima = await limactl({ log: say });
  const place = placeOf(user, lima.path);
  if (!existsSync(place.config)) {
    const image = await chooseImage(place);
    installed.packages.push(...image.packages);
    await writeInstalled(installed);
    await install(place, image.text);
  } else await installCli(place);
  installed.packages.push(...packages);
  await writeInstalled(installed);

  const state = JSON.parse((await ascalon(place, ["status", "--json"])).stdout || "{}").state;
  if (state === "ready") say("The VM is up and ready: nothing is to do.");
  else if (!show(place, ["up", "--timeout", "40m"]))
    throw new BedError("ascalon up failed; its words are above.");
  say("\n$ ascalon status");
  show(place, ["status"]);
  say("\n$ ascalon shell -- uname -a");
  show(place, ["shell", "--no-cwd", "--", "uname", "-a"]);
  say(`\nWhat next:
  ${place.shown} shell          a shell in the VM
  ${place.shown} help           every command
  npm run try -- --remove     take everything away again`);
}

/**
 * Where the trial lives, apart from an ascalon that the user may really use.
 * @param {BedUser} user
 * @param {string} limactlPath
 */
function placeOf(user, limactlPath) {
  const folder = `${user.home}/.ascalon-try`;
  const limaFolder = limactlPath.slice(0, limactlPath.lastIndexOf("/"));
  return {
    user,
    folder,
    config: `${folder}/ascalon.yaml`,
    cli: `${folder}/bin/ascalon.mjs`,
    shown: `${folder}/ascalon`,
    env: {
      ASCALON_CONFIG: `${folder}/ascalon.yaml`,
      XDG_STATE_HOME: `${folder}/state`,
      LIMA_HOME: `${folder}/l`,
      PATH: [limaFolder, ...personsPath()].join(":"),
    },
  };
}
/** @typedef {ReturnType<typeof placeOf>} Place */

/**
 * The pinned NixOS image where it can be fetched, else the stand-in.
 * @param {Place} place
 */
async function chooseImage(place) {
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

/**
 * @param {Place} place
 * @param {string} settings
 */
async function install(place, settings) {
  await mkdir(place.folder, { recursive: true, mode: 0o755 });
  await installCli(place);
  // Last, because it says that the place is complete.
  await writeFile(place.config, settings);
  if (isRoot) await giveTo(place.user, place.folder);
}

/** Without the folders that `npm run` puts before it, which would stay in the plugin's file and the agent's service. */
const personsPath = () =>
  (process.env.PATH ?? "").split(":").filter((folder) => !/\/node_modules\//.test(folder));

/** The checkout may be root's own; the user gets a copy of the program. @param {Place} place */
async function installCli(place) {
  const { version } = JSON.parse(await readFile(`${root}/package.json`, "utf8"));
  if (await isStale()) step("node", ["tools/build.mjs"]);
  const built = await stat(`${root}/dist/cli.cjs`);
  const there = await stat(place.cli).catch(() => undefined);
  if (!there || there.mtimeMs < built.mtimeMs) {
    say(`Installing ascalon ${version} to ${place.folder}/bin`);
    await rm(`${place.folder}/bin`, { recursive: true, force: true });
    await cp(`${root}/dist`, `${place.folder}/bin`, { recursive: true });
  }
  const exports = Object.entries(place.env).map(([name, value]) => `export ${name}='${value}'`);
  const as = isRoot
    ? commandAs(place.user, "env", [`HOME=${place.user.home}`])
        .flat()
        .map((word) => quote(word))
        .join(" ")
    : "env";
  const program = `'${process.execPath}' '${place.cli}' "$@"`;
  const lines = [
    "#!/bin/sh",
    ...exports,
    // The user itself may not, and need not, become who it is.
    ...(isRoot ? [`[ "$(id -u)" -ne ${place.user.uid} ] || exec ${program}`] : []),
    `exec ${as} ${program}`,
  ];
  await writeFile(place.shown, `${lines.join("\n")}\n`, { mode: 0o755 });
  if (isRoot) await giveTo(place.user, place.folder);
}

/** Whether a source is newer than the bundle, or there is none. */
async function isStale() {
  const built = await stat(`${root}/dist/cli.cjs`).catch(() => undefined);
  if (!built) return true;
  const files = (await readdir(`${root}/src`, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const times = await Promise.all(
    files.map(async (entry) => (await stat(`${entry.parentPath}/${entry.name}`)).mtimeMs),
  );
  return Math.max(...times) > built.mtimeMs;
}

/** @param {string} word */
const quote = (word) => `'${word}'`;

/** @param {BedUser} user @param {string} folder */
async function giveTo(user, folder) {
  await chown(folder, user.uid, user.gid);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    // Sockets and the VM's own files are the user's already.
    if (entry.isFile() || entry.isDirectory()) {
      await chown(`${entry.parentPath}/${entry.name}`, user.uid, user.gid).catch(() => {});
    }
  }
}

/** @param {Place} place @param {readonly string[]} args */
function ascalon(place, args) {
  const [file, argv] = commandAs(place.user, process.execPath, [place.cli, ...args]);
  return run(file, argv, { env: environmentOf(place.user, place.env), cwd: place.user.home });
}

/** With the terminal handed over, so that progress is live. @param {Place} place @param {readonly string[]} args */
function show(place, args) {
  const [file, argv] = commandAs(place.user, process.execPath, [place.cli, ...args]);
  const env = environmentOf(place.user, place.env);
  return spawnSync(file, argv, { stdio: "inherit", env, cwd: place.user.home }).status === 0;
}

/** @param {string} file @param {readonly string[]} args */
function step(file, args) {
  const { status } = spawnSync(file, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new BedError(`${file} ${args.join(" ")} failed`);
}

const installedFile = () => `${cacheDir()}/try-installed.json`;

/** @returns {Promise<Installed>} */
async function readInstalled() {
  try {
    return JSON.parse(await readFile(installedFile(), "utf8"));
  } catch {
    return { packages: [], modules: false };
  }
}

/** @param {Installed} installed */
async function writeInstalled(installed) {
  await mkdir(cacheDir(), { recursive: true });
  await writeFile(installedFile(), `${JSON.stringify(installed)}\n`);
}

async function remove() {
  const installed = await readInstalled();
  const user = await bedUser().catch(() => undefined);
  if (user && existsSync(`${user.home}/.ascalon-try`)) {
    const place = placeOf(user, (await limactl({ log: say })).path);
    say("Deleting the VM and its disks.");
    if (!show(place, ["destroy", "--yes", "--with-home"])) {
      throw new BedError("The VM could not be deleted, so nothing else was removed.");
    }
    await rm(place.folder, { recursive: true, force: true });
  }
  await removeGuestImages({ log: say });
  await removeBedUser({ log: say });
  await removePackages(installed.packages);
  say(`Removing ${cacheDir()}`);
  await rm(cacheDir(), { recursive: true, force: true });
  await rm(`${root}/dist`, { recursive: true, force: true });
  if (installed.modules) await rm(`${root}/node_modules`, { recursive: true, force: true });
  say("Everything that npm run try brought is gone.");
}

/** Only what was installed here, and only where nothing else has come to need it. @param {readonly string[]} packages */
async function removePackages(packages) {
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

try {
  if (process.argv.includes("--remove")) await remove();
  else await tryIt();
} catch (error) {
  if (!(error instanceof BedError)) throw error;
  process.stderr.write(`try: ${error.message}\n`);
  process.exitCode = 1;
}
