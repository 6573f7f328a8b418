const units = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** `1.5 GiB`: at most one decimal, none when it is zero. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number(value.toFixed(1))} ${units[unit]}`;
}
