import type { Context } from "./context.ts";

/** The first executable of that name on PATH. */
export async function findProgram(
  context: Pick<Context, "env" | "files">,
  name: string,
): Promise<string | undefined> {
  for (const folder of (context.env.PATH ?? "").split(":")) {
    const path = `${folder}/${name}`;
    if (folder.startsWith("/") && (await context.files.isExecutable(path))) return path;
  }
  return undefined;
}
