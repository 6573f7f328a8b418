import { posix } from "node:path";
import type { PolicyFacts } from "./policy.ts";

/**
 * Where the mounts really lie: a mount may be named by a path with a symlink in it, and what is found below it has its
 * real one. A mount that is reached through another one has no root of its own: that symlink is the guest's to turn.
 */
export async function mountRoots({
  mounts,
  lookAt,
}: Pick<PolicyFacts, "mounts" | "lookAt">): Promise<string[]> {
  const places = await Promise.all(
    mounts.map(async ({ host }) => ({
      root: (await lookAt(host))?.path,
      above: await Promise.all(foldersAbove(host).map(async (path) => (await lookAt(path))?.path ?? path)),
    })),
  );
  return places.flatMap(({ root, above }, index) => {
    const others = places.filter((_, other) => other !== index);
    const isThroughAnother = others.some(
      ({ root: other }) => other !== undefined && isBelowAny(above, other),
    );
    return root === undefined || isThroughAnother ? [] : [root];
  });
}

export const isBelow = (path: string, roots: readonly string[]): boolean =>
  roots.some((root) => path === root || path.startsWith(root === "/" ? root : `${root}/`));

const isBelowAny = (paths: readonly string[], root: string): boolean =>
  paths.some((path) => isBelow(path, [root]));

function foldersAbove(path: string): string[] {
  const above: string[] = [];
  for (let at = posix.dirname(path); at !== "/" && at !== "."; at = posix.dirname(at)) above.push(at);
  return above;
}
