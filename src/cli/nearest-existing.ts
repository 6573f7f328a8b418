import type { Context } from "./context.ts";

/** What a path is, without following a final symlink. */
export type PathInfo = NonNullable<Awaited<ReturnType<Context["files"]["info"]>>>;

interface Place {
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
