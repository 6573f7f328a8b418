import type { Context } from "../context.ts";

const longestBytes = 1024 ** 2;
const everyMs = 3_600_000;

/**
 * The agent's log is held open by launchd or systemd, which append to it: its end goes to `….1`, in place of what was
 * there, and the file itself is emptied.
 */
export async function shorten(files: Context["files"], path: string): Promise<void> {
  const info = await files.info(path);
  if (info?.kind !== "file" || info.sizeBytes <= longestBytes) return;
  await files.writeAtomic(`${path}.1`, (await files.readTail(path, longestBytes)) ?? "", 0o600);
  await files.empty(path);
}

/** Now and every hour, until the signal. A full disk is no reason to end. */
export async function keepLogsShort(
  { files, clock }: Pick<Context, "files" | "clock">,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    for (const path of paths) await shorten(files, path).catch(() => {});
    await clock.sleep(everyMs, signal).catch(() => {});
  }
}
