import { dirname, join } from "node:path";
import type { Files } from "../adapters/files.ts";
import type { TarEntry } from "./tar-stream.ts";

/**
 * The files of a flake as entries of an archive, read one by one. A file that is gone meanwhile is left out, and so is what
 * lies behind a folder that became a symlink, before it is read or while it is: git still tracks it by its old name, and it
 * may be any file of the host.
 */
export async function* readFlakeEntries(
  files: Files,
  folder: string,
  paths: readonly string[],
): AsyncGenerator<TarEntry, void, undefined> {
  for (const path of paths) {
    // An editor that saves just then puts another file there.
    for (let tries = 0; tries < 3; tries += 1) {
      const way = await wayTo(files, folder, path);
      const entry = way === undefined ? undefined : await readEntry(files, folder, path);
      if (way !== (await wayTo(files, folder, path))) continue;
      if (entry) yield entry;
      break;
    }
  }
}

/** What is at each part of the path below the flake's folder; undefined where a folder of it is none. */
async function wayTo(files: Files, folder: string, path: string): Promise<string | undefined> {
  const own = await files.info(join(folder, path));
  const way = [own?.kind, own?.id];
  for (let above = dirname(path); above !== "."; above = dirname(above)) {
    const info = await files.info(join(folder, above));
    if (info?.kind !== "folder") return undefined;
    way.push(info.id);
  }
  return way.join(" ");
}

async function readEntry(files: Files, folder: string, path: string): Promise<TarEntry | undefined> {
  const whole = join(folder, path);
  const info = await files.info(whole);
  const source = info?.kind === "symlink" ? await inStore(files, whole) : whole;
  if (source === undefined) {
    const target = await files.linkTarget(whole);
    return target === undefined ? undefined : { kind: "link", path, target };
  }
  const found = await files.info(source);
  if (found?.kind !== "file") return undefined;
  const content = await files.readBytes(source, found.sizeBytes);
  return content && { kind: "file", path, executable: (found.mode & 0o100) !== 0, content };
}

/**
 * What home-manager puts into a folder are links into Nix's store, whose paths the guest does not have: the file goes in
 * place of the link. Whatever lies there anybody may read.
 */
async function inStore(files: Files, link: string): Promise<string | undefined> {
  const real = await files.realPath(link);
  if (!real?.startsWith("/nix/store/")) return undefined;
  return (await files.info(real))?.kind === "file" ? real : undefined;
}
