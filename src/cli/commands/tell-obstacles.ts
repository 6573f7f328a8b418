import type { Context } from "../context.ts";
import { mountObstacles } from "../lifecycle/mount-folders.ts";
import type { Settings } from "../settings/settings.ts";

/** Beside a plan, which is made without looking at the folders: what its start would be refused for. */
export async function tellObstacles(context: Context, settings: Settings): Promise<void> {
  for (const obstacle of await mountObstacles(context, settings))
    context.stderr.write(`${obstacle}; the VM does not start until that is fixed\n`);
}
