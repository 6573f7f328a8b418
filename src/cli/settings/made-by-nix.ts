import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";

/** Which of ascalon's Nix modules made the settings file; undefined for one that is the person's own to change. */
export async function madeByNix(
  { files }: Pick<Context, "files">,
  path: string,
): Promise<"nix-darwin" | "home-manager" | undefined> {
  if (!(await files.realPath(path))?.startsWith("/nix/store/")) return undefined;
  return path.startsWith("/etc/") ? "nix-darwin" : "home-manager";
}

/**
 * A store path must not be written, and where the store is the person's own it could be. `key`: the one to change;
 * without it the file as a whole.
 */
export async function refuseMadeByNix(
  context: Pick<Context, "files">,
  path: string,
  key?: string,
): Promise<void> {
  const module = await madeByNix(context, path);
  if (module === undefined) return;
  throw new AscalonError("E_SETTINGS_UNREADABLE", {
    what: `${path} was made by Nix (${module}), and must be changed there`,
    why: `it leads to ${await context.files.realPath(path)}`,
    run: `${optionOf(key)} in your ${module} configuration, then switch to it`,
  });
}

/** The option of ascalon's Nix modules. */
export const optionOf = (key?: string): string =>
  `programs.ascalon.settings${key === undefined ? "" : `.${key}`}`;
