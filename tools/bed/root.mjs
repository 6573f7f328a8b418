// @ts-check
// How to become root for what only root can do: installing packages, building the guest.
import { BedError, run, which } from "./run.mjs";

export const isRoot = process.getuid?.() === 0;

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
