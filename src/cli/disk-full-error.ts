import { AscalonError } from "./errors.ts";

/** A disk without room, or a quota that is used up; undefined for every other failure. */
export function asDiskFullError(error: unknown): AscalonError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "ENOSPC" && code !== "EDQUOT") return undefined;
  return new AscalonError("E_DISK_FULL", {
    what: code === "ENOSPC" ? "the disk is full" : "your disk quota is used up",
    why: error.message,
    run: "df -h    (free space, and run the command again)",
    cause: error,
  });
}
