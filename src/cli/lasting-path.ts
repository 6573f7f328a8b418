import type { Context } from "./context.ts";

/** Places that end with a shell, a login, or Nix's next clean-up. */
const transient =
  /\/fnm_multishells\/|^\/nix\/store\/|^(?:\/private)?\/tmp\/|^(?:\/private)?\/var\/folders\/|^\/run\/user\/|^\/dev\/shm\//;

export const isTransient = (path: string): boolean => transient.test(path);

/** The same file or folder by a name that outlives the shell, where there is one. */
export async function lastingPath(files: Pick<Context["files"], "realPath">, path: string): Promise<string> {
  // A folder of PATH may be one that this user may not look into.
  const real = (one: string): Promise<string | undefined> => files.realPath(one).catch(() => undefined);
  // Homebrew's upgrade removes the folder of a version, and turns the link in opt.
  const keg = path.replace(/\/Cellar\/([^/]+)\/[^/]+\//, "/opt/$1/");
  const target = keg === path ? undefined : await real(keg);
  if (target !== undefined && target === (await real(path))) return keg;
  return isTransient(path) ? ((await real(path)) ?? path) : path;
}
