// @ts-check
// Where the trial's ascalon is: a folder of the user's, with a copy of the program and settings of its own.
import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { chown, cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { isRoot } from "../bed/root.mjs";
import { BedError, isExecutable, run } from "../bed/run.mjs";
import { commandAs, environmentOf } from "../bed/user.mjs";
import { root, say } from "./say.mjs";

/** @typedef {import("../bed/user.mjs").BedUser} BedUser */

/**
 * Where the trial lives, apart from an ascalon that the user may really use.
 * @param {BedUser} user
 * @param {string} limactlPath
 */
export function placeOf(user, limactlPath) {
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
      NODE_COMPILE_CACHE: `${folder}/compiled`,
      PATH: [limaFolder, ...personsPath()].join(":"),
    },
  };
}
/** @typedef {ReturnType<typeof placeOf>} Place */

/** Without the folders that `npm run` puts before it, which would stay in the plugin's file and the agent's service. */
const personsPath = () =>
  (process.env.PATH ?? "").split(":").filter((folder) => !/\/node_modules\//.test(folder));

/**
 * This Node by the name that the person's PATH has for it: its own may name a version, which the next upgrade removes, as
 * with Homebrew. fnm's folder for one shell ends sooner.
 */
export function lastingNode() {
  const self = realpathSync(process.execPath);
  const names = personsPath()
    .filter((folder) => folder.startsWith("/") && !/\/fnm_multishells\//.test(folder))
    .map((folder) => `${folder}/node`);
  return names.find((name) => isExecutable(name) && realpathSync(name) === self) ?? process.execPath;
}

/** The checkout may be root's own; the user gets a copy of the program. @param {Place} place */
export async function installCli(place) {
  const { version } = JSON.parse(await readFile(`${root}/package.json`, "utf8"));
  await mkdir(place.folder, { recursive: true, mode: 0o755 });
  if (await isStale()) step("node", ["tools/build.mjs"]);
  const built = await stat(`${root}/dist/cli.cjs`);
  const there = await stat(place.cli).catch(() => undefined);
  if (!there || there.mtimeMs < built.mtimeMs) {
    say(`Installing ascalon ${version} to ${place.folder}/bin`);
    await rm(`${place.folder}/bin`, { recursive: true, force: true });
    await cp(`${root}/dist`, `${place.folder}/bin`, { recursive: true, verbatimSymlinks: true });
  }
  const exports = Object.entries(place.env).map(([name, value]) => `export ${name}=${quote(value)}`);
  const as = isRoot
    ? commandAs(place.user, "env", [`HOME=${place.user.home}`])
        .flat()
        .map((word) => quote(word))
        .join(" ")
    : "env";
  const program = `${quote(lastingNode())} ${quote(place.cli)} "$@"`;
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

/**
 * A word for sh, as it is typed.
 * @param {string} word
 */
export const quote = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** @param {BedUser} user @param {string} folder */
export async function giveTo(user, folder) {
  await chown(folder, user.uid, user.gid);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    // Sockets and the VM's own files are the user's already.
    if (entry.isFile() || entry.isDirectory()) {
      await chown(`${entry.parentPath}/${entry.name}`, user.uid, user.gid).catch(() => {});
    }
  }
}

/** @param {Place} place @param {readonly string[]} args */
export function ascalon(place, args) {
  const [file, argv] = commandAs(place.user, process.execPath, [place.cli, ...args]);
  return run(file, argv, { env: environmentOf(place.user, place.env), cwd: place.user.home });
}

/** With the terminal handed over, so that progress is live. @param {Place} place @param {readonly string[]} args */
export function show(place, args) {
  const [file, argv] = commandAs(place.user, process.execPath, [place.cli, ...args]);
  const env = environmentOf(place.user, place.env);
  return spawnSync(file, argv, { stdio: "inherit", env, cwd: place.user.home }).status === 0;
}

/** @param {string} file @param {readonly string[]} args */
export function step(file, args) {
  const { status } = spawnSync(file, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new BedError(`${file} ${args.join(" ")} failed`);
}
