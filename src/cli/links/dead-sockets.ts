import type { Converse } from "../adapters/converse.ts";
import type { Files } from "../adapters/files.ts";

/** Paths of sockets in the folder behind which nobody listens: an ssh that ends removes none of its own. */
export async function deadSockets(
  { files, converse }: { readonly files: Pick<Files, "list" | "info">; readonly converse: Converse },
  folder: string,
): Promise<readonly string[]> {
  const isDead = async (path: string): Promise<boolean> => {
    if ((await files.info(path))?.kind !== "socket") return false;
    const said = await converse({ to: path, request: new Uint8Array(), timeoutMs: 100 }, () => true);
    // A full queue, or no descriptor left here, is told as another refusal.
    return said.kind === "refused" && said.code === "ECONNREFUSED";
  };
  const paths = ((await files.list(folder)) ?? []).map((name) => `${folder}/${name}`);
  // All at once: one that is served costs the whole time, and a hundred may be.
  const dead = await Promise.all(paths.map(isDead));
  return paths.filter((_, index) => dead[index]);
}
