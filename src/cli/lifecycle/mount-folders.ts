import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import { kindWords } from "../in-the-way-error.ts";
import { followed, nearestExisting } from "../nearest-existing.ts";
import type { Settings } from "../settings/settings.ts";

type MountSettings = Pick<Settings, "mounts" | "vm">;

/**
 * Folders of `mounts` with which the VM would not start, each as `mounts[0].host: /x …`. Lima makes a folder that is
 * missing when it starts the VM, and ends when it cannot; what says why is only in its own log then, and the VM is down.
 * Nothing is made here.
 */
export async function mountObstacles(
  { files }: Pick<Context, "files">,
  { mounts, vm }: MountSettings,
): Promise<readonly string[]> {
  const found = await Promise.all(
    mounts.map(async ({ host }, index) => {
      const why = await obstacleOf(files, host, vm.type);
      return why === undefined ? [] : [`mounts[${index}].host: ${host} ${why}`];
    }),
  );
  return found.flat();
}

async function obstacleOf(
  files: Context["files"],
  host: string,
  vmType: Settings["vm"]["type"],
): Promise<string | undefined> {
  const seen = await nearestExisting(files, host);
  const path = seen?.path ?? "/";
  const isThere = path === host;
  // A mount may be a symlink, and lie below one.
  const { path: real, kind } = seen ? await followed(files, seen) : { path, kind: "folder" as const };
  if (kind !== undefined && kind !== "folder") {
    const is = kind === "symlink" ? "a symlink that leads nowhere" : kindWords[kind];
    return isThere ? `is ${is}` : `cannot be made: ${path} is ${is}`;
  }
  if (!isThere) {
    if (await files.mayMakeIn(real)) return undefined;
    return `does not exist, and you cannot create anything in ${path}`;
  }
  // QEMU opens the folder at its start (hw/9pfs/9p-local.c); vz asks for it when the guest does.
  if (vmType === "qemu" && !(await files.isReadable(real))) return "is not readable by you";
  return undefined;
}

/** Before anything is stopped or started. */
export async function requireMounts(context: Pick<Context, "files">, settings: MountSettings): Promise<void> {
  const [first, ...others] = await mountObstacles(context, settings);
  if (first === undefined) return;
  throw new AscalonError("E_MOUNT", {
    what: first,
    why: "the VM would not start with it, so nothing was stopped or started",
    details: others,
    run: "ascalon config edit    (or connect its disk, or: ascalon config set mounts '[]'; then run the command again)",
  });
}
