import { AscalonError } from "../../errors.ts";
import { folderInTheWay } from "../../in-the-way-error.ts";
import { quote } from "../../quote.ts";
import { homeDiskFile, homeDiskFolder, homeDiskName } from "./home-disk-file.ts";
import type { LimaPorts } from "./limactl.ts";

const minuteMs = 60_000;

/** Lima parses sizes with go-units; plain bytes are exact. */
const bytes = (size: number): string => `${size}B`;

export async function createHomeDisk(ports: LimaPorts, sizeBytes: number): Promise<void> {
  const { files } = ports.context;
  const folder = homeDiskFolder(ports.paths);
  // Of a file in its place, or in that of LIMA_HOME, Lima says that the disk exists as well.
  const wrong = (await diskElsewhere(ports)) ?? (await folderInTheWay(ports.context, folder));
  if (wrong) throw wrong;
  // An interrupted `disk create` leaves an empty folder, a disk that was removed Lima's link to the instance that used
  // it, and of both Lima says that the disk exists.
  const left = await files.list(folder);
  if (left?.every((name) => name === "in_use_by")) await files.removeFolder(folder);
  await run(ports, "create", homeDiskName, "--size", bytes(sizeBytes));
}

/** People move a large disk to another volume and leave a symlink. Without that volume the disk is not lost. */
async function diskElsewhere(ports: LimaPorts): Promise<AscalonError | undefined> {
  const { paths } = ports;
  const { files } = ports.context;
  for (const path of [`${paths.limaHome}/_disks`, homeDiskFolder(paths), homeDiskFile(paths)]) {
    const isLink = (await files.info(path).catch(() => undefined))?.kind === "symlink";
    if (!isLink || (await files.realPath(path)) !== undefined) continue;
    const target = await files.linkTarget(path);
    return new AscalonError("E_HOME_LOST", {
      what: `the home disk is on ${target}, which is not there`,
      why: `${path} is a symlink to it, so no other disk was created`,
      run: `ls -l ${quote(path)}    (mount that volume, then: ascalon up; without the symlink it creates an empty disk)`,
    });
  }
  return undefined;
}

export const growHomeDisk = (ports: LimaPorts, sizeBytes: number): Promise<void> =>
  run(ports, "resize", homeDiskName, "--size", bytes(sizeBytes));

/**
 * Without --force, so that Lima keeps a disk which somebody else's instance uses too. It says so in a warning and
 * ends well, so whether the disk is gone is looked up.
 */
export async function deleteHomeDisk(ports: LimaPorts): Promise<void> {
  await run(ports, "delete", homeDiskName);
  if ((await ports.context.files.info(homeDiskFolder(ports.paths))) === undefined) return;
  throw new AscalonError("E_LIMA", {
    what: `the disk ${homeDiskName} was not deleted`,
    why: "another Lima instance lists it as one of its disks",
    run: `limactl disk delete --force ${homeDiskName}    (once that instance no longer needs it)`,
  });
}

async function run({ limactl }: LimaPorts, ...args: string[]): Promise<void> {
  await limactl(["disk", ...args], { verb: `${args[0]} the home disk`, timeoutMs: minuteMs });
}
