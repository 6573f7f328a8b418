import { posix } from "node:path";
import type { Context } from "../context.ts";
import { pathsOf } from "../paths.ts";
import { build, version } from "../version.ts";
import { schemaDigest } from "./generated-keys.ts";
import type { HostFacts, Settings } from "./settings.ts";

/** Everything the answer depends on, besides the program itself. */
interface Question {
  readonly path: string;
  /** null: there is no file. */
  readonly text: string | null;
  readonly host: HostFacts;
}

interface Answer {
  readonly settings: Settings;
  readonly notes: readonly string[];
}

/** The program's part of the question. */
const program = `${version} ${build} ${schemaDigest}`;

const fileOf = (context: Context): string => posix.join(pathsOf(context).stateDir, "settings-cache.json");

/** The remembered answer to exactly this question. Anything else, damage too, is no answer. */
export async function readSettingsCache(context: Context, question: Question): Promise<Answer | undefined> {
  try {
    const cache: unknown = JSON.parse((await context.files.readText(fileOf(context))) ?? "null");
    const { settings, notes, ...asked } = cache as Answer & Record<string, unknown>;
    const isSame = JSON.stringify(asked) === JSON.stringify({ program, ...question });
    if (!isSame || typeof settings?.vm?.cpus !== "number" || !Array.isArray(notes)) return undefined;
    return { settings, notes };
  } catch {
    return undefined;
  }
}

/** `sudo ascalon status`: a state folder that root makes in a person's home would be in that person's way. */
async function isRootInAHome({ uid, files, host }: Context): Promise<boolean> {
  return uid === 0 && (await files.info(host.home))?.uid !== 0;
}

/** A state folder that cannot be written only costs the time of parsing again. */
export async function writeSettingsCache(
  context: Context,
  question: Question,
  answer: Answer,
): Promise<void> {
  try {
    if (await isRootInAHome(context)) return;
    const { settings, notes } = answer;
    const text = JSON.stringify({ program, ...question, settings, notes });
    await context.files.writeAtomic(fileOf(context), text, 0o600);
  } catch {
    // Deliberately nothing.
  }
}
