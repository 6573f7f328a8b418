import type { Context } from "../context.ts";
import type { MachineFacts } from "../machine/facts.ts";
import { describeExisting } from "./describe.ts";

/**
 * The facts with whether this ascalon would write the same lima.yaml for the settings that the VM has: a newer one may
 * bring other scripts in it, and of a VM of an older one nothing else tells what was edited. Loads the YAML parser, which
 * observing must not.
 */
export async function judgeDescription(context: Context, facts: MachineFacts): Promise<MachineFacts> {
  const { exists, applied, description, limaYaml } = facts;
  if (exists !== "ours" || !applied || limaYaml === undefined) return facts;
  if (description === "edited" || description === "lost") return facts;
  try {
    const would = await describeExisting(context, applied, facts);
    return { ...facts, description: would.limaYaml === limaYaml ? "as-written" : "outdated" };
  } catch {
    // A list of images that is gone, say. Nothing can be written anew without it, so nothing is promised.
    return facts;
  }
}

/** The same for commands that write it at a start only, and must be quick when the VM runs. */
export async function judgeAtStart(context: Context, facts: MachineFacts): Promise<MachineFacts> {
  const runs = facts.process === "running" || facts.process === "starting";
  return runs ? facts : await judgeDescription(context, facts);
}
