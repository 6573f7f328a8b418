import { type Line, type LogEntry, type ParseText, timed } from "./entry.ts";

/** `2026-01-02T03:04:05.678Z text`: what ascalon itself writes. */
export const stampedText =
  (source: string): ParseText =>
  (text, writtenMs) =>
    timed(text.split("\n").map(stampedLine(source)), writtenMs);

const stampedLine =
  (source: string) =>
  (line: string): Line => {
    const space = line.indexOf(" ");
    const atMs = /^\d{4}-/.test(line) ? Date.parse(line.slice(0, space)) : Number.NaN;
    return Number.isNaN(atMs)
      ? { atMs: undefined, source, text: line }
      : { atMs, source, text: line.slice(space + 1) };
  };

/** The host agent's lines: logrus as JSON. Its debug lines tell of every probe, so they are left out. */
export const hostAgentText: ParseText = (text, writtenMs) =>
  timed(text.split("\n").flatMap(hostAgentLine), writtenMs);

interface LogrusLine {
  readonly level?: string;
  readonly msg?: string;
  readonly time?: string;
  readonly error?: unknown;
}

function hostAgentLine(line: string): readonly Line[] {
  const source = "lima";
  try {
    const { level, msg, time, error } = JSON.parse(line) as LogrusLine;
    if (level === "debug" || level === "trace" || typeof msg !== "string") return [];
    const atMs = Date.parse(time ?? "");
    const words = typeof error === "string" ? `${msg}: ${error}` : msg;
    return [
      {
        atMs: Number.isNaN(atMs) ? undefined : atMs,
        source,
        text: level === "info" ? words : `${level ?? ""}: ${words}`,
      },
    ];
  } catch {
    return [{ atMs: undefined, source, text: line }];
  }
}

/** `journalctl -o short-unix`, whose lines all come after one that has a time. */
export function journalText(text: string): readonly LogEntry[] {
  let before: LogEntry | undefined;
  return text.split("\n").flatMap((line) => {
    const found = journalLine(line, before?.atMs ?? 0, before?.source);
    before = found ?? before;
    return found ? [found] : [];
  });
}

/** `1767323045.123456 HOST UNIT[PID]: text`; undefined: not worth showing. A message of several lines goes on indented. */
export function journalLine(line: string, beforeMs: number, beforeSource = "guest"): LogEntry | undefined {
  if (line.startsWith("-- ")) return undefined;
  // The guest's to say: more digits are no date.
  const match = /^(\d{1,11})\.(\d{6}) \S+ (.+?)(?:\[\d+\])?: (.*)$/s.exec(line);
  const found = match
    ? // The two apart: a number of seconds has no room for all of the digits behind the point.
      {
        atMs: Number(match[1]) * 1000 + Number(match[2]) / 1000,
        source: match[3] ?? "",
        text: match[4] ?? "",
      }
    : { atMs: beforeMs, source: beforeSource, text: line };
  return timed([found], 0)[0];
}
