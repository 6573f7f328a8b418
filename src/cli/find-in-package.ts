import { posix } from "node:path";
import type { Context } from "./context.ts";

/** A file of the package that the script belongs to: beside it or in one of the five folders above. */
export async function findInPackage(
  { files }: Pick<Context, "files">,
  script: string,
  name: string,
): Promise<string | undefined> {
  const real = (await files.realPath(script)) ?? script;
  for (let folder = posix.dirname(real), up = 0; up < 5; folder = posix.dirname(folder), up++) {
    const path = posix.join(folder, name);
    if ((await files.info(path)) !== undefined) return path;
  }
  return undefined;
}
