import { lstatSync, mkdirSync, realpathSync } from "node:fs";
import {
  access,
  chmod,
  constants,
  link,
  open,
  readdir,
  readlink,
  rename,
  rm,
  stat,
  statfs,
  truncate,
  writeFile,
} from "node:fs/promises";
import {
  type FilePart,
  orAbsent,
  orUndefined,
  readBytes,
  readPart,
  readTail,
  readText,
} from "./read-file.ts";

/** What a path is, without following a final symlink. */
export interface FileInfo {
  readonly kind: "file" | "folder" | "symlink" | "socket" | "other";
  readonly sizeBytes: number;
  /** Bytes really taken on the disk: less than sizeBytes for sparse files. */
  readonly allocatedBytes: number;
  readonly mode: number;
  readonly uid: number;
  /** The same for every path that leads to it, however it is spelled. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** The only way to the file system for everything above the adapters. Absence is a value, not an exception. */
export interface Files {
  readText(path: string): Promise<string | undefined>;
  /** The last `bytes` of a file, cut at a line start. */
  readTail(path: string, bytes: number): Promise<string | undefined>;
  /** The first `bytes` of a file, fewer when it is shorter. */
  readBytes(path: string, bytes: number): Promise<Buffer | undefined>;
  /** At most `bytes` from the offset on; an offset below 0 is counted from the end. Symlinks are followed. */
  readPart(path: string, offset: number, bytes: number): Promise<FilePart | undefined>;
  info(path: string): Promise<FileInfo | undefined>;
  list(path: string): Promise<readonly string[] | undefined>;
  linkTarget(path: string): Promise<string | undefined>;
  /** With every symlink on the way resolved, and on a Mac each name as it is written on the disk; undefined when it leads nowhere. */
  realPath(path: string): Promise<string | undefined>;
  /**
   * Written beside the target, fsynced, renamed over it. Parents are made with mode 0700. Without `fsync` for what is
   * written again in a moment: on a Mac it empties the cache of the whole disk (libuv: F_FULLFSYNC).
   */
  writeAtomic(
    path: string,
    text: string,
    mode?: number,
    options?: { readonly fsync: boolean },
  ): Promise<void>;
  writeBytesAtomic(path: string, bytes: Uint8Array, mode?: number): Promise<void>;
  append(path: string, text: string): Promise<void>;
  /** Takes everything out of a file that others may hold open. */
  empty(path: string): Promise<void>;
  /** Makes the file with its whole text at once; false when something of that name is there already. */
  linkExclusive(path: string, text: string): Promise<boolean>;
  makeFolder(path: string, mode?: number): Promise<void>;
  remove(path: string): Promise<void>;
  removeFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Free bytes for this user on the file system that holds the path (its nearest existing parent). */
  freeBytes(path: string): Promise<number>;
  isReadWritable(path: string): Promise<boolean>;
  isExecutable(path: string): Promise<boolean>;
  isReadable(path: string): Promise<boolean>;
  /** Whether this user may make files and folders in the folder. */
  mayMakeIn(folder: string): Promise<boolean>;
  /** A descriptor for appending, mode 0600; the caller closes it. */
  openAppend(path: string): Promise<{ readonly fd: number; close(): Promise<void> }>;
}

async function info(path: string): Promise<FileInfo | undefined> {
  const found = orAbsent(() => lstatSync(path));
  if (!found) return undefined;
  const kind = found.isFile()
    ? "file"
    : found.isDirectory()
      ? "folder"
      : found.isSymbolicLink()
        ? "symlink"
        : found.isSocket()
          ? "socket"
          : "other";
  return {
    kind,
    sizeBytes: found.size,
    allocatedBytes: found.blocks * 512,
    mode: found.mode & 0o7777,
    uid: found.uid,
    id: `${found.dev}:${found.ino}`,
    modifiedAt: found.mtimeMs,
  };
}

const writeAtomic: Files["writeAtomic"] = async (path, text, mode = 0o600, { fsync } = lasting) =>
  writeBytes(path, Buffer.from(text, "utf8"), { mode, fsync });

const lasting: { readonly fsync: boolean } = { fsync: true };

async function writeBytes(
  path: string,
  bytes: Buffer,
  options: { readonly mode: number; readonly fsync: boolean },
): Promise<void> {
  makeFolders(path.slice(0, path.lastIndexOf("/")) || "/", 0o700);
  const { default: writeFileAtomic } = await import("write-file-atomic");
  await writeFileAtomic(path, bytes, options);
}

/** Not the asynchronous one: of a full disk it says that the path does not exist (ENOENT for ENOSPC, Node 20). */
function makeFolders(path: string, mode: number): void {
  mkdirSync(path, { recursive: true, mode });
}

async function linkExclusive(path: string, text: string): Promise<boolean> {
  const whole = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    // On a full disk it is made, and the text does not fit.
    await writeFile(whole, text, { mode: 0o600, flag: "wx" });
    await link(whole, path);
    return true;
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && syscall === "link") return false;
    throw error;
  } finally {
    await rm(whole, { force: true });
  }
}

async function freeBytes(path: string): Promise<number> {
  for (let at = path; ; at = at.slice(0, at.lastIndexOf("/")) || "/") {
    const found = await orUndefined(statfs(at));
    if (found) return found.bavail * found.bsize;
  }
}

async function may(path: string, mode: number): Promise<boolean> {
  try {
    await access(path, mode);
    return true;
  } catch {
    return false;
  }
}

export const systemFiles: Files = {
  readText,
  readTail,
  readBytes,
  readPart,
  info,
  list: (path) => orUndefined(readdir(path)),
  linkTarget: (path) => orUndefined(readlink(path)),
  realPath: async (path) => orAbsent(() => realpathSync.native(path)),
  writeAtomic,
  writeBytesAtomic: (path, bytes, mode = 0o600) =>
    writeBytes(path, Buffer.from(bytes), { mode, fsync: true }),
  append: (path, text) => writeFile(path, text, { flag: "a", mode: 0o600 }),
  empty: (path) => truncate(path, 0),
  linkExclusive,
  makeFolder: async (path, mode = 0o700) => {
    makeFolders(path, mode);
    if (((await stat(path)).mode & 0o777) !== mode) await chmod(path, mode);
  },
  remove: (path) => rm(path, { force: true }),
  removeFolder: (path) => rm(path, { recursive: true, force: true }),
  rename,
  freeBytes,
  isReadWritable: (path) => may(path, constants.R_OK | constants.W_OK),
  isExecutable: (path) => may(path, constants.X_OK),
  isReadable: (path) => may(path, constants.R_OK),
  mayMakeIn: (folder) => may(folder, constants.W_OK | constants.X_OK),
  openAppend: async (path) => {
    const handle = await open(path, "a", 0o600);
    return { fd: handle.fd, close: () => handle.close() };
  },
};
