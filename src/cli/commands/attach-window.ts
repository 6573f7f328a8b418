import type { InheritResult } from "../adapters/process.ts";
import type { Context } from "../context.ts";
import { pathsOf, weztermLogFile } from "../paths.ts";

/** A WezTerm that cannot open its window, or does not know the domain, ends within a second. */
const watchMs = 2_000;
const wordsBytes = 16_384;
const wordsLines = 5;

export interface EndedWindow {
  /** One sentence. */
  readonly headline: string;
  /** The last of what WezTerm said. */
  readonly words: readonly string[];
}

/** Opens a window that outlives this command; undefined when it is there to stay. */
export async function openWindow(
  context: Context,
  file: string,
  args: readonly string[],
): Promise<EndedWindow | undefined> {
  const paths = pathsOf(context);
  const path = weztermLogFile(paths);
  await context.files.makeFolder(paths.logDir);
  const log = await context.files.openAppend(path);
  const watched = new AbortController();
  try {
    const before = (await context.files.info(path))?.sizeBytes ?? 0;
    const ending = context.processes.detach(file, args, { outputFd: log.fd });
    const signal = AbortSignal.any([context.signal, watched.signal]);
    const end = await Promise.race([ending, context.clock.sleep(watchMs, signal)]);
    // Without a failure it handed the window over to another.
    if (!end || end.exitCode === 0) return undefined;
    const said = await context.files.readPart(path, before, wordsBytes);
    const lines = (said?.bytes.toString("utf8") ?? "").split("\n").filter((line) => line.trim() !== "");
    return { headline: headlineOf(file, end), words: lines.slice(-wordsLines) };
  } finally {
    watched.abort();
    await log.close();
  }
}

function headlineOf(file: string, { exitCode, signal, startError }: InheritResult): string {
  if (startError !== undefined) return `${file} cannot be started (${startError}).`;
  return `WezTerm ended at once (${exitCode === undefined ? signal : `exit code ${exitCode}`}).`;
}
