import { AscalonError } from "../errors.ts";

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `--since`: a span before now (`90s`, `10m`, `2h`, `1d`) or a time such as 2026-01-02T03:04; in milliseconds since 1970. */
export function parseSince(text: string, nowMs: number): number {
  const span = /^(\d+)([smhd])$/.exec(text);
  if (span) return nowMs - Number(span[1]) * (unitMs[span[2] ?? "s"] ?? 1000);
  const atMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text.replace(" ", "T")) : Number.NaN;
  if (!Number.isNaN(atMs)) return atMs;
  throw new AscalonError("E_USAGE", {
    what: `--since: expected a span such as 10m or 2h, or a time such as 2026-01-02T03:04, got "${text}"`,
    run: "ascalon logs --since 10m",
  });
}
