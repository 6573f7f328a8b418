import { lstat, readlink, rename, rm, symlink } from "node:fs/promises";

/** What the host ends of links need of the file system beyond Files. */
export interface SocketFiles {
  /** Device and inode of what is at the path, symlinks not followed: another socket has another one. */
  identity(path: string): Promise<string | undefined>;
  /** Makes `path` a symlink to `target`, or turns the one that is there, with no moment in between. */
  turnLink(path: string, target: string): Promise<void>;
}

export const systemSocketFiles: SocketFiles = {
  identity: async (path) => {
    try {
      const found = await lstat(path, { bigint: true });
      // An inode number can be used again at once; with its birth it cannot. A change of its mode is no other socket,
      // but only a file system that knows no births is asked for the last change.
      return `${found.dev}:${found.ino}:${found.birthtimeNs || found.ctimeNs}`;
    } catch {
      return undefined;
    }
  },
  turnLink: async (path, target) => {
    // Nothing is written on a full disk where nothing changes.
    if ((await readlink(path).catch(() => undefined)) === target) return;
    const fresh = `${path}.new`;
    await rm(fresh, { force: true });
    await symlink(target, fresh);
    await rename(fresh, path);
  },
};
