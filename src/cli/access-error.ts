import type { Context } from "./context.ts";
import { AscalonError } from "./errors.ts";
import { nearestExisting } from "./nearest-existing.ts";
import { quote } from "./quote.ts";

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
  { files, uid, host }: Pick<Context, "files" | "uid" | "host">,
  error: unknown,
): Promise<AscalonError | undefined> {
  if (!(error instanceof Error)) return undefined;
  const { code, path: named, syscall } = error as NodeJS.ErrnoException;
  if (named === undefined || !forbidden.includes(code)) return undefined;
  const found = await nearestExisting(files, named);
  const nearest = { path: found?.path ?? (named.startsWith("/") ? "/" : named), uid: found?.info.uid };
  const path = nearest.path === named ? named : withoutTail(named);
  const what = `${path} cannot be ${changing.has(syscall ?? "") ? "changed" : "used"} (${code})`;
  if (code === "EROFS") {
    return new AscalonError("E_ACCESS", {
      what,
      why: "its file system is read-only",
      run: `df ${quote(nearest.path)}`,
      cause: error,
    });
  }
  // A mode gives EACCES; this one is of flags and of what guards a system beyond its modes.
  if (code === "EPERM" && nearest.path === path && nearest.uid === uid) {
    const isMac = host.platform === "darwin";
    return new AscalonError("E_ACCESS", {
      what,
      why: isMac
        ? "it is locked, or macOS denies access to the program that ascalon runs in (Privacy & Security)"
        : "it is immutable, or a security module forbids it",
      run: isMac
        ? `ls -ldO ${quote(path)}    (uchg: chflags nouchg …; else System Settings > Privacy & Security > Files & Folders)`
        : `lsattr -d ${quote(path)}    (i: sudo chattr -i …)`,
      cause: error,
    });
  }
  const owned = nearest.uid === undefined || nearest.uid === uid ? undefined : nearest;
  return new AscalonError("E_ACCESS", {
    what,
    why: owned
      ? `${owned.path} belongs to ${owned.uid === 0 ? "root" : `the user ${owned.uid}`}`
      : "its mode, or that of a parent folder, forbids it",
    run:
      owned?.uid === 0
        ? `ls -ld ${quote(owned.path)}    (when it is in your home: sudo chown -R "$USER" ${quote(owned.path)})`
        : `ls -ld ${quote(nearest.path)}`,
    cause: error,
  });
}

/** What is written beside a file, to take its place at once, has its name and a number: the file is what a person knows. */
const withoutTail = (path: string): string => path.replace(/\.\d{5,}$/, "");
