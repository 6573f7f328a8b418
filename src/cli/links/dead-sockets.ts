import type { Converse } from "../adapters/converse.ts";
import type { Files } from "../adapters/files.ts";

/** Paths of sockets in the folder behind which nobody listens: an ssh that ends removes none of its own. */
export async function deadSockets(
  { files, converse }: { readonly files: Pick<Files, "list" | "info">; readonly converse: Converse },
  folder: string,
): Promise<readonly string[]> {
  const dead: string[] = [];
  for (const name of (await files.list(folder)) ?? []) {
    const path = `${folder}/${name}`;
    if ((await files.info(path))?.kind !== "socket") continue;
    const said = await converse({ to: path, request: new Uint8Array(), timeoutMs: 100 }, () => true);
    // A full queue, or no descriptor left here, is told as another refusal.
    if (said.kind === "refused" && said.code === "ECONNREFUSED") dead.push(path);
  }
  return dead;
}
