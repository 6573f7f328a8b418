import type { Context } from "../context.ts";

/**
 * Folders of the home that macOS lets a program of launchd's read only once a person allowed it: one that a terminal starts
 * has what the terminal was allowed. So are iCloud's, other clouds' and every disk that is not the Mac's own (Apple Platform
 * Security, "Controlling app access to files in macOS").
 */
const guarded = ["Desktop", "Documents", "Downloads", "Library/Mobile Documents", "Library/CloudStorage"];

/** The guarded folder that a program of the agent's lies in, as a person writes it; undefined as a rule. */
export async function guardedPlaceOf(
  { files, host }: Pick<Context, "files" | "host">,
  argv: readonly string[],
): Promise<string | undefined> {
  if (host.platform !== "darwin") return undefined;
  for (const word of argv.filter((one) => one.startsWith("/"))) {
    // Of npm's link it is the end that is read.
    const path = (await files.realPath(word).catch(() => undefined)) ?? word;
    const folder = guarded.find((name) => path.startsWith(`${host.home}/${name}/`));
    if (folder !== undefined) return `~/${folder}`;
    const disk = /^\/Volumes\/[^/]+/.exec(path)?.[0];
    if (disk !== undefined) return disk;
  }
  return undefined;
}

/** A sentence without its period. */
export const guardedWords = (place: string): string =>
  `ascalon is in ${place}, which macOS keeps from the agent until you allow it`;

const settingsPage = "System Settings > Privacy & Security > Files & Folders";

/** What follows the word that the agent was installed, and at once is asked about. */
export const guardedSentence = (place: string): string =>
  `${guardedWords(place)}, in the window that opens or in ${settingsPage}.`;

export const guardedFix = `ascalon agent install    (once node is allowed in ${settingsPage}, or from a clone elsewhere)`;
