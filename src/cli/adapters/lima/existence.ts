import type { Context } from "../../context.ts";
import type { Description, Existence } from "../../machine/facts.ts";
import type { Paths } from "../../paths.ts";
import { isMadeByUs } from "./made-file.ts";
import { isMarked } from "./marker.ts";

export interface Remains {
  readonly hasFolder: boolean;
  /** undefined when the file is missing or empty. */
  readonly limaYaml: string | undefined;
  /** The same as ascalon wrote it last. */
  readonly writtenYaml: string | undefined;
  /** Its root disk is there, and something that tells what it was made as: the record of its settings, or `writtenYaml`. */
  readonly isWhole: boolean;
  /** Its settings were noted at the end of create, or it has the log of a start. */
  readonly wasMade: boolean;
}

export interface Found {
  readonly exists: Existence;
  readonly description: Description | undefined;
}

/** Who made what lies in the instance's folder, and whether what describes it to Lima is as ascalon wrote it. */
export async function findExistence(context: Context, paths: Paths, remains: Remains): Promise<Found> {
  const { hasFolder, limaYaml, writtenYaml, isWhole, wasMade } = remains;
  if (limaYaml !== undefined && isMarked(limaYaml)) {
    if (!wasMade) return { exists: "incomplete", description: undefined };
    if (writtenYaml === undefined) return { exists: "ours", description: undefined };
    return { exists: "ours", description: limaYaml === writtenYaml ? "as-written" : "edited" };
  }
  const isOurs = hasFolder && (await isMadeByUs(context, paths));
  // A VM that is whole but for this is no remains: what describes it to Lima can be written anew.
  if (isOurs && isWhole) return { exists: "ours", description: "lost" };
  const exists =
    limaYaml !== undefined ? "foreign" : !hasFolder ? "absent" : isOurs ? "half" : "foreign-half";
  return { exists, description: undefined };
}
