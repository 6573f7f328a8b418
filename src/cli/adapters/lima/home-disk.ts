import { AscalonError } from "../../errors.ts";
import { folderInTheWay } from "../../in-the-way-error.ts";
import type { LimaPorts } from "./limactl.ts";
import { homeDiskName } from "./observe-instance.ts";

const minuteMs = 60_000;

/** Lima parses sizes with go-units; plain bytes are exact. */
const bytes = (size: number): string => `${size}B`;

export async function createHomeDisk(ports: LimaPorts, sizeBytes: number): Promise<void> {
  const { files } = ports.context;
  const folder = folderOf(ports);
  // Of a file in its place, or in that of LIMA_HOME, Lima says that the disk exists as well.
  const wrong = await folderInTheWay(ports.context, folder);
  if (wrong) throw wrong;
  // An interrupted `disk create` leaves an empty folder, and Lima then says that the disk exists.
  if ((await files.list(folder))?.length === 0) await files.removeFolder(folder);
  await run(ports, "create", homeDiskName, "--size", bytes(sizeBytes));
}

export const growHomeDisk = (ports: LimaPorts, sizeBytes: number): Promise<void> =>
  run(ports, "resize", homeDiskName, "--size", bytes(sizeBytes));

/**
 * Without --force, so that Lima keeps a disk which somebody else's instance uses too. It says so in a warning and
 * ends well, so whether the disk is gone is looked up.
 */
export async function deleteHomeDisk(ports: LimaPorts): Promise<void> {
  await run(ports, "delete", homeDiskName);
  if ((await ports.context.files.info(folderOf(ports))) === undefined) return;
  throw new AscalonError("E_LIMA", {
    what: `the disk ${homeDiskName} was not deleted`,
    why: "another Lima instance names it as one of its disks",
    run: `limactl disk delete --force ${homeDiskName}    (when that instance needs it no more)`,
  });
}

const folderOf = ({ paths }: LimaPorts): string => `${paths.limaHome}/_disks/${homeDiskName}`;

async function run({ limactl }: LimaPorts, ...args: string[]): Promise<void> {
  await limactl(["disk", ...args], { verb: `${args[0]} the home disk`, timeoutMs: minuteMs });
}
