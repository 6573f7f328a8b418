import type { Paths } from "../../paths.ts";

/** Name of the data disk that holds /home; also its file system's label in the guest. */
export const homeDiskName = "ascalon-home";

/** Lima's folder of that disk. */
export const homeDiskFolder = ({ limaHome }: Pick<Paths, "limaHome">): string =>
  `${limaHome}/_disks/${homeDiskName}`;

export const homeDiskFile = (paths: Pick<Paths, "limaHome">): string => `${homeDiskFolder(paths)}/datadisk`;
