import type { PathInfo } from "./nearest-existing.ts";

/**
 * The mode of a file from which its owner took the right to write, as `chmod` shows it; undefined for any other. The rename
 * that replaces a file asks for no such right, and neither does root, so the mode itself is looked at.
 */
export const readOnlyMode = (info: Pick<PathInfo, "kind" | "mode"> | undefined): string | undefined =>
  info?.kind === "file" && (info.mode & 0o200) === 0 ? info.mode.toString(8).padStart(4, "0") : undefined;
