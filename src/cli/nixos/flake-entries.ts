import { join } from "node:path";
import type { Files } from "../adapters/files.ts";
import type { TarEntry } from "./tar-stream.ts";

/** The files of a flake as entries of an archive, read one by one. A file that is gone meanwhile is left out. */
export async function* readFlakeEntries(
  files: Files,
  folder: string,
  paths: readonly string[],
): AsyncGenerator<TarEntry, void, undefined> {
  for (const path of paths) {
    const whole = join(folder, path);
    const info = await files.info(whole);
    if (info?.kind === "symlink") {
      const target = await files.linkTarget(whole);
      if (target !== undefined) yield { kind: "link", path, target };
    } else if (info?.kind === "file") {
      const content = await files.readBytes(whole, info.sizeBytes);
      if (content !== undefined) yield { kind: "file", path, executable: (info.mode & 0o100) !== 0, content };
    }
  }
}
