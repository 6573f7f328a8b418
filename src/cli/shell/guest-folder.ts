import { posix } from "node:path";
import { type PathMount, toGuestFolder, toGuestPath } from "../../shared/path-mapping.ts";
import type { Context } from "../context.ts";
import type { Mount } from "../settings/settings.ts";
import type { RemoteFolder } from "./remote-command.ts";

/**
 * The mounts by every name their host folder has: a person may stand in it by its own path while the settings
 * name a symlink to it, or the other way round.
 */
async function pathMounts(context: Context, mounts: readonly Mount[]): Promise<PathMount[]> {
  const named = await Promise.all(
    mounts.map(async ({ host }) => {
      const real = await context.files.realPath(host);
      const own = { host, guest: host };
      return real === undefined || real === host ? [own] : [own, { host: real, guest: host }];
    }),
  );
  return named.flat();
}

/** The folder ascalon was called in, as the guest knows it; undefined when no mount shows it there. */
export async function currentGuestFolder(
  context: Context,
  mounts: readonly Mount[],
): Promise<RemoteFolder | undefined> {
  if (mounts.length === 0) return undefined;
  const physical = (await context.files.realPath(context.cwd)) ?? context.cwd;
  const path = toGuestFolder(
    { logical: await logicalFolder(context, physical), physical },
    await pathMounts(context, mounts),
  );
  return path === undefined ? undefined : { path, required: false };
}

/** `$PWD` keeps the symlinks a person came through; a stale one names another folder and is not believed. */
async function logicalFolder(context: Context, physical: string): Promise<string> {
  const pwd = context.env.PWD;
  if (!pwd?.startsWith("/") || pwd === physical) return physical;
  return (await context.files.realPath(pwd)) === physical ? pwd : physical;
}

/**
 * The folder named by `-C`: `~` is the guest's home; a path that lies on a mount is mapped; any other absolute path
 * is the guest's own.
 */
export async function namedGuestFolder(
  context: Context,
  mounts: readonly Mount[],
  named: string,
): Promise<RemoteFolder> {
  if (named === "~" || named.startsWith("~/")) return { path: named, required: true };
  const logical = posix.resolve(context.cwd, named);
  const physical = await context.files.realPath(logical);
  const known = await pathMounts(context, mounts);
  const mapped =
    physical === undefined ? toGuestPath(logical, known) : toGuestFolder({ logical, physical }, known);
  return { path: mapped ?? logical, required: true };
}
