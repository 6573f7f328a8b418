import { AscalonError } from "../errors.ts";

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const timeForm = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * `--since`: a span before now (`90s`, `10m`, `2h`, `1d`), a time such as 2026-01-02T03:04, UTC as all that is shown
 * unless it says otherwise, or journalctl's `@1767323045`; in milliseconds since 1970.
 */
export function parseSince(text: string, nowMs: number): number {
  const span = /^(\d{1,9})([smhd])$/.exec(text);
  if (span) return Math.max(0, nowMs - Number(span[1]) * (unitMs[span[2] ?? "s"] ?? 1000));
  const unix = /^@(\d{1,11}(?:\.\d{1,6})?)$/.exec(text);
  if (unix) return Number(unix[1]) * 1000;
  const [, day = "", time = "00:00", zone = "Z"] = timeForm.exec(text) ?? [];
  const atMs = Date.parse(`${day}T${time}${zone}`);
  if (!Number.isNaN(atMs) && isDay(day)) return Math.max(0, atMs);
  throw new AscalonError("E_USAGE", {
    what: `--since: expected a span such as 10m or 2h, or a time such as 2026-01-02T03:04 (UTC), got "${text}"`,
    run: "ascalon logs --since 10m",
  });
}

/** Date.parse takes the 30th of February for a day of March. */
const isDay = (day: string): boolean => {
  const atMs = Date.parse(day);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(day);
};
