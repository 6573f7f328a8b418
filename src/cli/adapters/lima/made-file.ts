import type { Context } from "../../context.ts";
import type { Paths } from "../../paths.ts";

/** Names the folder that a create of ours began to fill, until it is deleted: what tells our remains from others'. */
export const madeFile = (paths: Paths): string => `${paths.stateDir}/instance-folder`;

/** Whether the instance's folder, whatever is left in it, was begun by ascalon. */
export async function isMadeByUs({ files }: Context, paths: Paths): Promise<boolean> {
  return (await files.readText(madeFile(paths))) === paths.instanceDir;
}
