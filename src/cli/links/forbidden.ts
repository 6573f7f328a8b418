/**
 * What a person can do about a socket that is there and may not be used; undefined when the code says something else. A
 * mode gives EACCES; EPERM is of what guards a system beyond its modes.
 */
function adviceFor(code: string, isDocker: boolean): string | undefined {
  if (code === "EPERM")
    return "the system keeps it from this program (on a Mac: Full Disk Access in System Settings > Privacy & Security)";
  if (code !== "EACCES") return undefined;
  return isDocker
    ? 'its mode forbids it (on Linux: sudo usermod -aG docker "$USER", then log in again)'
    : "its mode, or that of a parent folder, forbids it";
}

/** A clause without a period; undefined when the system's code does not mean that the socket may not be used. */
export function forbiddenClause(code: string, isDocker: boolean): string | undefined {
  const advice = adviceFor(code, isDocker);
  return advice === undefined ? undefined : `may not be used (${code}): ${advice}`;
}
