import { dirname, join } from "node:path";
import type { Files } from "../adapters/files.ts";
import type { TarEntry } from "./tar-stream.ts";

/**
 * The files of a flake as entries of an archive, read one by one. A file that is gone meanwhile is left out, and so is what
 * lies behind a folder that became a symlink: git still tracks it by its old name, and it may be any file of the host.
 */
export async function* readFlakeEntries(
  files: Files,
  folder: string,
  paths: readonly string[],
): AsyncGenerator<TarEntry, void, undefined> {
  const within = foldersOf(files, folder);
  for (const path of paths) {
    if (!(await within(dirname(path)))) continue;
    const whole = join(folder, path);
    const info = await files.info(whole);
    const source = info?.kind === "symlink" ? await inStore(files, whole) : whole;
    if (source === undefined) {
      const target = await files.linkTarget(whole);
      if (target !== undefined) yield { kind: "link", path, target };
      continue;
    }
    const { kind, mode, sizeBytes } = (await files.info(source)) ?? {
      kind: undefined,
      mode: 0,
      sizeBytes: 0,
    };
    if (kind !== "file") continue;
    const content = await files.readBytes(source, sizeBytes);
    if (content !== undefined) yield { kind: "file", path, executable: (mode & 0o100) !== 0, content };
  }
}

/** Whether each part of a path below the flake's folder is a folder of its own; asked once each. */
function foldersOf(files: Files, folder: string): (path: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>([[".", Promise.resolve(true)]]);
  const look = async (path: string): Promise<boolean> =>
    (await within(dirname(path))) && (await files.info(join(folder, path)))?.kind === "folder";
  const within = (path: string): Promise<boolean> => {
    const answer = known.get(path) ?? look(path);
    known.set(path, answer);
    return answer;
  };
  return within;
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
