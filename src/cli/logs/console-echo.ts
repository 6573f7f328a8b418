import type { LogEntry } from "./entry.ts";

/** The kernel's own lines; what a program prints goes to one console only. */
const isKernels = ({ source, text }: LogEntry): boolean =>
  source === "serial" && /\[ *\d+\.\d{6}\]/.test(text);

/**
 * The entries of all files, without what the kernel said on another console as well: a guest of Lima's has two that are
 * kept, and the kernel speaks on both.
 */
export function withoutEchoes(files: readonly (readonly LogEntry[])[]): readonly LogEntry[] {
  const heard = new Set<string>();
  return files.flatMap((entries) => {
    const kept = entries.filter((entry) => !(isKernels(entry) && heard.has(entry.text)));
    for (const entry of entries) if (isKernels(entry)) heard.add(entry.text);
    return kept;
  });
}
