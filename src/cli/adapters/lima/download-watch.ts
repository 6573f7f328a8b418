import type { Context } from "../../context.ts";
import type { Progress } from "../../machine/machine.ts";

const lookMs = 1000;

/** A slow network has pauses of some seconds. */
const stalledMs = 15_000;

const mebibyte = 1024 ** 2;

/**
 * Tells how far the download of limactl `pid` is, which without a terminal says when it begins and no more; an image has
 * a gigabyte. Lima writes beside where the file will be, under a name with its pid (pkg/downloader, perProcessTempfile).
 * Ends when the signal aborts.
 */
export async function watchDownload(
  context: Context,
  pid: number,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const { clock, files } = context;
  let path: string | undefined;
  let seen = 0;
  let since = clock.monotonic();
  while (!signal.aborted) {
    const sizeBytes = (path && (await files.info(path))?.sizeBytes) || undefined;
    const now = clock.monotonic();
    if (sizeBytes === undefined) {
      path = await findDownload(context, pid);
    } else {
      if (sizeBytes !== seen) [seen, since] = [sizeBytes, now];
      progress(textOf(sizeBytes, now - since), "passing");
    }
    await clock.sleep(lookMs, signal).catch(() => {});
  }
}

function textOf(sizeBytes: number, quietMs: number): string {
  const soFar = `downloading the image: ${Math.floor(sizeBytes / mebibyte)} MiB`;
  return quietMs < stalledMs ? soFar : `${soFar}, stalled for ${Math.round(quietMs / 1000)} s`;
}

/** Below the folder of Go's os.UserCacheDir. */
async function findDownload({ env, files, host }: Context, pid: number): Promise<string | undefined> {
  const ownCache = host.platform === "darwin" ? `${host.home}/Library/Caches` : `${host.home}/.cache`;
  const cache = host.platform === "darwin" ? ownCache : env.XDG_CACHE_HOME || ownCache;
  const folder = `${cache}/lima/download/by-url-sha256`;
  for (const entry of (await files.list(folder).catch(() => undefined)) ?? []) {
    const names = await files.list(`${folder}/${entry}`).catch(() => undefined);
    const name = names?.find((one) => one.startsWith(`data.tmp.${pid}.`));
    if (name !== undefined) return `${folder}/${entry}/${name}`;
  }
  return undefined;
}
