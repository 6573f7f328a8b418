import type { Generation } from "../nixos/generations.ts";
import { oneLine } from "../printable.ts";

/** One line a generation, in columns. */
export function renderGenerations(generations: readonly Generation[]): string {
  if (generations.length === 0) return "The guest has no generations: its system is not built by Nix.\n";
  const rows = generations.map(
    ({ number, madeAtSeconds, version, kernel, current, next, booted, foreign }) => [
      String(number),
      new Date(madeAtSeconds * 1000).toISOString().slice(0, 16).replace("T", " "),
      oneLine(version),
      oneLine(kernel),
      [
        current ? "runs" : "",
        next ? "next start" : "",
        booted ? "booted" : "",
        foreign ? "not ascalon's" : "",
      ]
        .filter(Boolean)
        .join(", "),
    ],
  );
  const all = [["", "made (UTC)", "version", "kernel", ""], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all
    .map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd())
    .map((line) => `${line}\n`)
    .join("");
}
