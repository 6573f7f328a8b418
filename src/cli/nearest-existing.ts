import { posix } from "node:path";
import type { Context } from "./context.ts";

/** What a path is, without following a final symlink. */
export type PathInfo = NonNullable<Awaited<ReturnType<Context["files"]["info"]>>>;

export interface Place {
  readonly path: string;
  readonly info: PathInfo;
}

/** The path, or of the folders above it the nearest that can be seen; undefined when that is the root. */
export async function nearestExisting(
  files: Pick<Context["files"], "info">,
  path: string,
): Promise<Place | undefined> {
  for (let at = path; at.startsWith("/") && at !== "/"; at = at.slice(0, at.lastIndexOf("/")) || "/") {
    const info = await files.info(at).catch(() => undefined);
    if (info) return { path: at, info };
  }
  return undefined;
}

/** Where a symlink leads, and what is there: itself when it leads nowhere. No kind: that is kept from this user. */
export async function followed(
  files: Pick<Context["files"], "info" | "realPath">,
  { path, info }: Place,
): Promise<{ readonly path: string; readonly kind: PathInfo["kind"] | undefined }> {
  if (info.kind !== "symlink") return { path, kind: info.kind };
  try {
    const real = await files.realPath(path);
    return real === undefined
      ? { path, kind: "symlink" }
      : { path: real, kind: (await files.info(real))?.kind };
  } catch {
    return { path, kind: undefined };
  }
}

/** The file behind the symlinks, also when it does not exist yet. */
export async function targetOf(
  files: Pick<Context["files"], "info" | "linkTarget">,
  path: string,
): Promise<string> {
  let at = path;
  // As many as Linux follows.
  for (let hops = 0; hops < 40 && (await files.info(at))?.kind === "symlink"; hops++) {
    const next = await files.linkTarget(at);
    if (next === undefined) break;
    at = posix.resolve(posix.dirname(at), next);
  }
  return at;
}
