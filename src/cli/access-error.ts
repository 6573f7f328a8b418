import type { Context } from "./context.ts";
import { AscalonError } from "./errors.ts";

/** open is both, and says not which. */
const changing = new Set([
  "mkdir",
  "mkdtemp",
  "rename",
  "unlink",
  "rmdir",
  "rm",
  "chmod",
  "chown",
  "symlink",
  "link",
  "write",
]);

const forbidden: readonly (string | undefined)[] = ["EACCES", "EPERM", "EROFS"];

/**
 * A path that the system keeps from this user, told with its owner: what `sudo ascalon` once left in a home, as a rule.
 * undefined for every other failure.
 */
export async function asAccessError(
  { files, uid }: Pick<Context, "files" | "uid">,
  error: unknown,
): Promise<AscalonError | undefined> {
  if (!(error instanceof Error)) return undefined;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (path === undefined || !forbidden.includes(code)) return undefined;
  const what = `${path} may not be ${changing.has(syscall ?? "") ? "changed" : "used"} (${code})`;
  if (code === "EROFS") {
    return new AscalonError("E_ACCESS", {
      what,
      why: "its file system is read-only",
      run: `df ${path}`,
      cause: error,
    });
  }
  const owned = await foreignPlace(files, path, uid);
  return new AscalonError("E_ACCESS", {
    what,
    why: owned
      ? `${owned.path} belongs to ${owned.uid === 0 ? "root" : `the user ${owned.uid}`}`
      : "its mode, or that of a folder above it, forbids it",
    run:
      owned?.uid === 0
        ? `ls -ld ${owned.path}    (when it is in your home: sudo chown -R "$USER" ${owned.path})`
        : `ls -ld ${owned?.path ?? path}`,
    cause: error,
  });
}

/** The path, or of the folders above it the nearest that exists, when another user has it. */
async function foreignPlace(
  files: Pick<Context["files"], "info">,
  path: string,
  uid: number,
): Promise<{ readonly path: string; readonly uid: number } | undefined> {
  for (let at = path; at.startsWith("/") && at !== "/"; at = at.slice(0, at.lastIndexOf("/")) || "/") {
    const info = await files.info(at).catch(() => undefined);
    if (info) return info.uid === uid ? undefined : { path: at, uid: info.uid };
  }
  return undefined;
}
