import { afterEach, describe, expect, it } from "vitest";
import { parseSince } from "../../../src/cli/logs/since.ts";

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const day = Date.UTC(2026, 6, 2);
const minute = Date.UTC(2026, 6, 2, 3, 4);

describe.each([
  ["UTC", 0],
  ["Europe/Berlin", -120],
  ["America/St_Johns", 150],
  ["Pacific/Kiritimati", -840],
])("--since on a host in %s", (name, offsetMinutes) => {
  it.each([
    ["2026-07-02", day],
    ["2026-07-02T03:04", minute],
    ["2026-07-02 03:04", minute],
    ["2026-07-02 03:04:05", minute + 5_000],
    ["2026-07-02T03:04:05.678", minute + 5_678],
    ["2026-07-02T03:04:05.678Z", minute + 5_678],
    ["2026-07-02T03:04+02:00", minute - 7_200_000],
    ["2026-07-02T03:04-0230", minute + 9_000_000],
  ])("%s is UTC unless it says otherwise", (text, atMs) => {
    process.env.TZ = name;
    expect(new Date(minute).getTimezoneOffset()).toBe(offsetMinutes);
    expect(parseSince(text, 0)).toBe(atMs);
  });
});

describe("--since", () => {
  it("takes journalctl's seconds since 1970, and a span that is longer than all time", () => {
    expect(parseSince("@1767323045", 0)).toBe(1767323045_000);
    expect(parseSince("@1767323045.5", 0)).toBe(1767323045_500);
    expect(parseSince("999999d", Date.UTC(2026, 6, 2))).toBe(0);
  });

  it.each([
    "",
    "2 h",
    "10",
    "-5m",
    "1w",
    "2026-02-30",
    "2026-13-01",
    "2026-07-02T25:00",
    "2026-07-02T03",
    "07/02/2026",
  ])("%j is refused with an example", (text) => {
    expect(() => parseSince(text, 0)).toThrow(/--since: expected a span such as 10m/);
  });
});
