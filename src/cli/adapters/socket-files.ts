import { lstat, rename, rm, symlink } from "node:fs/promises";

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
      // An inode number can be used again at once; with its birth it cannot.
      return `${found.dev}:${found.ino}:${found.ctimeNs}`;
    } catch {
      return undefined;
    }
  },
  turnLink: async (path, target) => {
    const fresh = `${path}.new`;
    await rm(fresh, { force: true });
    await symlink(target, fresh);
    await rename(fresh, path);
  },
};
