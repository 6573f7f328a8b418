// @ts-check
// How to become root for what only root can do: installing packages, building the guest.
import { BedError, run, which } from "./run.mjs";

export const isRoot = process.getuid?.() === 0;

/**
 * PATH of what runs as root through sudo: the system's own folders, as sudo has it. That of `npm run` begins with folders
 * of packages and the person's has folders of the person's own, in which any program of that user could leave one for root.
 * @param {boolean} [already] whether it is root who runs this, whose PATH is root's own
 * @param {string} [path]
 */
export const pathOfRoot = (already = isRoot, path = process.env.PATH ?? "") =>
  already ? `${path}:/usr/sbin:/sbin` : "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * The words to put before a command so that it runs as root: none for root, else sudo.
 * @param {string} what what needs root, for the sentence when there is no way
 * @returns {Promise<readonly string[]>}
 */
export async function asRoot(what) {
  if (isRoot) return [];
  const sudo = which("sudo");
  if (sudo === undefined)
    throw new BedError(`${what} needs root, and there is no sudo here: run this once as root.`);
  if ((await run(sudo, ["-n", "true"])).exitCode === 0) return [sudo, "-n"];
  if (process.stdin.isTTY) return [sudo];
  throw new BedError(
    `${what} needs root, and sudo wants a password but has no terminal: run this once as root.`,
  );
}
