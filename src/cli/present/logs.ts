import type { LogEntry } from "../logs/entry.ts";
import { paint } from "./paint.ts";

/** `2026-01-02 03:04:05 source  text`. */
export function renderEntry({ atMs, source, text }: LogEntry, colors: boolean): string {
  const mark = paint(colors);
  const time = atMs > 0 ? new Date(atMs).toISOString().slice(0, 19).replace("T", " ") : "-".padEnd(19);
  return `${mark.dim(time)} ${mark.bold(source.padEnd(9))} ${text}\n`;
}
