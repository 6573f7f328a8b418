import { posix } from "node:path";
import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import { quote } from "../quote.ts";
import { yamlLine } from "../settings/yaml-line.ts";
import type { TarEntry } from "./tar-stream.ts";

/** Symlinks that lead nowhere in the guest, because what they lead to is not in the folder; what is there is the host's. */
export const linksOut = (entries: readonly TarEntry[]): readonly string[] =>
  entries.flatMap((entry) =>
    entry.kind === "link" && isOutside(entry.path, entry.target) ? [entry.path] : [],
  );

/** A result of `nix build` is nothing that a flake reads. */
function isOutside(path: string, target: string): boolean {
  if (target.startsWith("/")) return !target.startsWith("/nix/store/");
  const at = posix.join(posix.dirname(path), target);
  return at === ".." || at.startsWith("../");
}

/** Without its flake.nix a folder is none: what makes links of dotfiles has put one here. */
export async function refuseLinkedFlake(
  { files }: Pick<Context, "files">,
  folder: string,
  out: readonly string[],
): Promise<void> {
  if (!out.includes("flake.nix")) return;
  const path = posix.join(folder, "flake.nix");
  const real = await files.realPath(path);
  throw new AscalonError("E_FLAKE", {
    what: `${path} is a symlink to a file outside of the folder, and only the folder is copied into the guest`,
    run:
      real === undefined
        ? `ls -l ${quote(path)}`
        : `ascalon config set system.flake ${quote(yamlLine(posix.dirname(real)))}    (where that file is)`,
  });
}
