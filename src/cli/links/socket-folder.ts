import type { Files } from "../adapters/files.ts";

/**
 * The folder of the host ends. Its mode is what protects them, because not every system minds the mode of a
 * socket itself. Made when it is missing; a folder that others could have prepared is refused, never repaired.
 * Returns a sentence without a final period, undefined when the folder is fine.
 */
export async function prepareSocketFolder(
  files: Pick<Files, "info" | "makeFolder">,
  path: string,
  uid: number,
): Promise<string | undefined> {
  if ((await files.info(path)) === undefined) await files.makeFolder(path, 0o700);
  const found = await files.info(path);
  if (!found) return `${path} cannot be made`;
  if (found.kind === "symlink") return `${path} is a symlink; it has to be a folder`;
  if (found.kind !== "folder") return `${path} is not a folder`;
  if (found.uid !== uid) return `${path} belongs to uid ${found.uid}, not to ${uid}`;
  if ((found.mode & 0o077) !== 0) {
    return `${path} has mode ${found.mode.toString(8).padStart(4, "0")}, others could use the sockets in it; it has to be 0700`;
  }
  return undefined;
}
