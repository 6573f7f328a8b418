import { piecesOf } from "./pieces.ts";

/**
 * Where a folder of the host is in the guest, and back, by the list of mounts. Pure, and written for two
 * compilers: `length`, `slice` and `indexOf` count bytes in Lua and UTF-16 units in Node, which is the same to
 * this code, because it cuts at `/` only.
 */
export interface PathMount {
  /** Absolute and normal, see `normalPath`. A mount whose host folder is reached through a symlink has two entries. */
  readonly host: string;
  readonly guest: string;
}

/** Drops `//`, `/./`, a final `/` and resolves `..` by the letters alone; a path without a leading `/` gets one. */
export function normalPath(path: string): string {
  const kept: string[] = [];
  for (const part of piecesOf(path, "/")) {
    if (part === "..") kept.pop();
    else if (part !== "" && part !== ".") kept.push(part);
  }
  return `/${kept.join("/")}`;
}

/** What follows `folder` in `path`: "" for the folder itself, `/x` below it, undefined outside. */
function below(folder: string, path: string): string | undefined {
  if (folder === "/") return path === "/" ? "" : path;
  if (path === folder) return "";
  const start = `${folder}/`;
  return path.slice(0, start.length) === start ? path.slice(folder.length) : undefined;
}

/** The mount nearest to the path: of nested mounts the inner one holds the files. */
function nearestMount(
  path: string,
  mounts: readonly PathMount[],
  side: "host" | "guest",
): PathMount | undefined {
  let found: PathMount | undefined;
  for (const mount of mounts) {
    const isInner = found === undefined || mount[side].length > found[side].length;
    if (isInner && below(mount[side], path) !== undefined) found = mount;
  }
  return found;
}

function map(
  path: string,
  mounts: readonly PathMount[],
  from: "host" | "guest",
  to: "host" | "guest",
): string | undefined {
  const normal = normalPath(path);
  const mount = nearestMount(normal, mounts, from);
  if (mount === undefined) return undefined;
  const mapped = normalPath(mount[to] + (below(mount[from], normal) ?? ""));
  // Another mount may cover that place on the other side: then the files are visible nowhere, or elsewhere.
  const cover = nearestMount(mapped, mounts, to);
  return cover !== undefined && cover[to] === mount[to] ? mapped : undefined;
}

/** The guest's name of a host path; undefined when no mount shows it to the guest. */
export function toGuestPath(hostPath: string, mounts: readonly PathMount[]): string | undefined {
  return map(hostPath, mounts, "host", "guest");
}

/** The host's name of a guest path; undefined when it lies on the guest's own disks. */
export function toHostPath(guestPath: string, mounts: readonly PathMount[]): string | undefined {
  return map(guestPath, mounts, "guest", "host");
}

export interface FolderNames {
  /** As the person came there, symlinks and all: `$PWD`. */
  readonly logical: string;
  /** The same folder with every symlink resolved. */
  readonly physical: string;
}

/**
 * The guest's name of the folder a person is in. Only a folder that really lies on a mount counts: a symlink
 * inside a mount may lead out of it, to a path which the guest has too, with other files. Its own name is kept
 * when it works, because that is what a prompt shows.
 */
export function toGuestFolder(folder: FolderNames, mounts: readonly PathMount[]): string | undefined {
  const physical = toGuestPath(folder.physical, mounts);
  if (physical === undefined) return undefined;
  return toGuestPath(folder.logical, mounts) ?? physical;
}
