import type { Settings } from "../settings/settings.ts";

/** A folder of the host's that the new system mounts and the running VM does not offer: its next start does. */
export interface FolderToCome {
  readonly path: string;
  /** The unit that fails until then. */
  readonly unit: string;
}

/**
 * `told`: the ascalon.json that the system was built with. `applied`: what the VM was started with, undefined when nobody
 * knows.
 */
export function foldersToCome(told: unknown, applied: Settings | undefined): readonly FolderToCome[] {
  if (!applied) return [];
  const offered = new Set(applied.mounts.map(({ host }) => host));
  return mountPaths(told)
    .filter((path) => !offered.has(path))
    .map((path) => ({ path, unit: mountUnit(path) }));
}

/** Of a file that another version may have written. */
function mountPaths(told: unknown): readonly string[] {
  const { mounts } = (told ?? {}) as { readonly mounts?: unknown };
  if (!Array.isArray(mounts)) return [];
  return mounts.map((mount) => mount?.path).filter((path) => typeof path === "string");
}

/** As systemd names it (systemd.unit(5), string escaping): an absolute path, byte by byte. */
export function mountUnit(path: string): string {
  const within = path
    .split("/")
    .filter((part) => part !== "")
    .join("/");
  const bytes = [...Buffer.from(within, "utf8")].map((byte, index) => {
    const sign = String.fromCharCode(byte);
    if (sign === "/") return "-";
    const isPlain = /[A-Za-z0-9:_]/.test(sign) || (sign === "." && index > 0);
    return isPlain ? sign : `\\x${byte.toString(16).padStart(2, "0")}`;
  });
  return `${bytes.join("")}.mount`;
}
