// @ts-check
// Lima refuses to run as root. Where this runs as root, as in a container, a normal user of the bed's own is made and used.
import { existsSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { isRoot } from "./root.mjs";
import { BedError, must, run, which } from "./run.mjs";

/** @typedef {import("./run.mjs").Log} Log */
/** @typedef {{ name: string, uid: number, gid: number, home: string, ours: boolean }} BedUser */

const ourName = "ascalon";
/** Stands in the user's comment field, so that only a user made here is ever removed. */
const ourComment = "ascalon test bed";

/** There is no user to make for root there, nor a need of one. */
export function refuseRootOnMac() {
  if (isRoot && process.platform !== "linux")
    throw new BedError("Run this as your normal user, without sudo: Lima refuses root.");
}

/**
 * The user that limactl, QEMU and ascalon run as. As root: the user `ascalon`, made when it is missing.
 * @param {{ log?: Log }} [options]
 * @returns {Promise<BedUser>}
 */
export async function bedUser({ log } = {}) {
  if (!isRoot) {
    const { username, uid, gid, homedir } = userInfo();
    return { name: username, uid, gid, home: process.env.HOME ?? homedir, ours: false };
  }
  refuseRootOnMac();
  const found = await lookUp();
  if (found !== undefined) return found;
  log?.(`Making the user ${ourName}, because Lima refuses to run as root.`);
  await must("Making a user", "useradd", [
    ...["--create-home", "--home-dir", `/home/${ourName}`, "--shell", "/bin/bash"],
    ...["--user-group", "--comment", ourComment, ourName],
  ]);
  await joinKvm();
  const made = await lookUp();
  if (made === undefined) throw new BedError(`useradd made no user ${ourName}.`);
  return made;
}

/** The user of the bed that root has made, if there is one. */
export const findBedUser = () => lookUp();

/** Removes the user and its home, when it was made here. @param {{ log?: Log }} [options] */
export async function removeBedUser({ log } = {}) {
  const found = isRoot ? await lookUp() : undefined;
  if (found === undefined || !found.ours) return;
  log?.(`Removing the user ${found.name} and ${found.home}.`);
  await must("Removing the user", "userdel", ["--remove", found.name]);
}

/** @returns {Promise<BedUser | undefined>} */
async function lookUp() {
  const { stdout } = await run("getent", ["passwd", ourName]);
  const [name, , uid, gid, comment = "", home] = stdout.trim().split(":");
  if (!name || home === undefined) return undefined;
  if (uid === "0") throw new BedError(`The user ${ourName} is root by another name: Lima would refuse it.`);
  return { name, uid: Number(uid), gid: Number(gid), home, ours: comment.split(",")[0] === ourComment };
}

/** Where root may use KVM, its user should. */
async function joinKvm() {
  if (!existsSync("/dev/kvm")) return;
  const { gid, mode } = statSync("/dev/kvm");
  if (gid !== 0 && (mode & 0o060) === 0o060)
    await run("usermod", ["--append", "--groups", String(gid), ourName]);
}

/**
 * The environment of the user's programs. Root's is not handed on: its XDG folders, TMPDIR or SSH_AUTH_SOCK are not the user's.
 * @param {BedUser} user
 * @param {NodeJS.ProcessEnv} [extra]
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentOf(user, extra = {}) {
  if (!isRoot) return { ...process.env, ...extra };
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(PATH|TERM|COLORTERM|NO_COLOR|CI|LANG|LC_\w+|TZ|QEMU_SYSTEM_\w+|ASCALON_\w+|(https?|no)_proxy)$/i.test(
      name,
    ),
  );
  const runtimeDir = `/run/user/${user.uid}`;
  return {
    ...Object.fromEntries(kept),
    ...{ HOME: user.home, USER: user.name, LOGNAME: user.name, SHELL: "/bin/bash" },
    // Only logind makes this folder. Without it programs use what the specification tells them to.
    ...(existsSync(runtimeDir) ? { XDG_RUNTIME_DIR: runtimeDir } : {}),
    ...extra,
  };
}

/**
 * A command line that runs as the user. `setpriv` and not Node's own uid option, which drops the user's groups (kvm).
 * @param {BedUser} user
 * @param {string} file
 * @param {readonly string[]} args
 * @returns {[file: string, args: string[]]}
 */
export function commandAs(user, file, args) {
  if (!isRoot) return [file, [...args]];
  const identity = [`--reuid=${user.uid}`, `--regid=${user.gid}`, "--init-groups"];
  return [which("setpriv") ?? "setpriv", [...identity, "--", file, ...args]];
}

/**
 * Runs a program as the user, in the user's home unless told otherwise.
 * @param {BedUser} user
 * @param {string} file
 * @param {readonly string[]} args
 * @param {Omit<import("./run.mjs").RunOptions, "env"> & { env?: NodeJS.ProcessEnv }} [options] `env` is added to the user's
 */
export function runAs(user, file, args, options = {}) {
  const [command, commandArgs] = commandAs(user, file, args);
  return run(command, commandArgs, { cwd: user.home, ...options, env: environmentOf(user, options.env) });
}
