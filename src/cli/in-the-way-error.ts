import type { Context } from "./context.ts";
import { AscalonError } from "./errors.ts";
import { followed, nearestExisting, type PathInfo } from "./nearest-existing.ts";
import { quote } from "./quote.ts";

/**
 * A file where a folder is needed, a folder where a file is, a loop of symlinks or one to nothing: told with what is there. undefined
 * for every other failure, and where nothing of the wrong kind can be seen.
 */
export async function asInTheWayError(
  { files }: Pick<Context, "files">,
  error: unknown,
): Promise<AscalonError | undefined> {
  if (!(error instanceof Error)) return undefined;
  const { code, path, dest, syscall } = error as NodeJS.ErrnoException & { readonly dest?: string };
  if (path === undefined) return undefined;
  if (code === "ELOOP") return loopError(path, error);
  if (code === "ENOENT") return await nowhereError(files, dest ?? path, error);
  const wantsFolder = code === "ENOTDIR" || (code === "EEXIST" && syscall === "mkdir");
  const wantsFile = code === "EISDIR" || code === "ERR_FS_EISDIR";
  if (!wantsFolder && !wantsFile) return undefined;
  // Of a rename the target is what is in the way.
  const found = await nearestExisting(files, dest ?? path);
  if (found === undefined || (found.info.kind === "folder") === wantsFolder) return undefined;
  return new AscalonError("E_IN_THE_WAY", {
    what: `${found.path} is ${kindWords[found.info.kind]}, and ascalon needs a ${wantsFolder ? "folder" : "file"} there (${code})`,
    run: wayOut(found.path),
    cause: error,
  });
}

const loopError = (path: string, cause: Error): AscalonError =>
  new AscalonError("E_IN_THE_WAY", {
    what: `${path} leads nowhere: a symlink on the way leads back to itself (ELOOP)`,
    run: wayOut(path),
    cause,
  });

/** A folder on another disk that is not there just now, as a rule. */
async function nowhereError(files: Context["files"], path: string, cause: Error) {
  const found = await nearestExisting(files, path);
  if (found === undefined || found.info.kind !== "symlink") return undefined;
  if ((await followed(files, found)).kind !== "symlink") return undefined;
  return new AscalonError("E_IN_THE_WAY", {
    what: `${found.path} is a symlink to ${await files.linkTarget(found.path)}, which does not exist (ENOENT)`,
    run: `ls -ld ${quote(found.path)}    (bring back what it leads to, or remove it, then run the command again)`,
    cause,
  });
}

/** The same asked before another program makes the folder; undefined when it can, or the folder is there. */
export async function folderInTheWay(
  { files }: Pick<Context, "files">,
  folder: string,
): Promise<AscalonError | undefined> {
  const found = await nearestExisting(files, folder);
  const kind = found && (await followed(files, found)).kind;
  if (found === undefined || kind === undefined || kind === "folder") return undefined;
  return new AscalonError("E_IN_THE_WAY", {
    what: `${found.path} is ${kindWords[kind]}, and a folder is needed there`,
    why: `${folder} is to be made`,
    run: wayOut(found.path),
  });
}

const wayOut = (path: string): string =>
  `ls -ld ${quote(path)}    (move it away, then run the command again)`;

/** What a path is, for a sentence: "/a is a file". */
export const kindWords: Readonly<Record<PathInfo["kind"], string>> = {
  file: "a file",
  folder: "a folder",
  symlink: "a symlink to something else",
  socket: "a socket",
  other: "something else",
};
