import { printable } from "../printable.ts";
import type { LogEntry, ParseLine } from "./entry.ts";

/** `2026-01-02T03:04:05.678Z text`: what ascalon itself writes. */
export const stampedLine =
  (source: string): ParseLine =>
  (line, beforeMs) => {
    const space = line.indexOf(" ");
    const atMs = Date.parse(line.slice(0, space));
    const isStamped = /^\d{4}-/.test(line) && !Number.isNaN(atMs);
    return entry(isStamped ? atMs : beforeMs, source, isStamped ? line.slice(space + 1) : line);
  };

/** The host agent's lines: logrus as JSON. Its debug lines tell of every probe, so they are left out. */
export const hostAgentLine: ParseLine = (line, beforeMs) => {
  try {
    const { level, msg, time } = JSON.parse(line) as { level?: string; msg?: string; time?: string };
    if (level === "debug" || level === "trace" || typeof msg !== "string") return undefined;
    const atMs = Date.parse(time ?? "");
    return entry(
      Number.isNaN(atMs) ? beforeMs : atMs,
      "lima",
      level === "info" ? msg : `${level ?? ""}: ${msg}`,
    );
  } catch {
    return entry(beforeMs, "lima", line);
  }
};

/** The guest's console. The kernel's lines tell seconds since the start; the rest comes after them. */
export const serialLine =
  (startedMs: number): ParseLine =>
  (line, beforeMs) => {
    const seconds = /^\[ *(\d+\.\d+)\]/.exec(line)?.[1];
    return entry(seconds === undefined ? beforeMs : startedMs + Number(seconds) * 1000, "serial", line);
  };

/** `journalctl -o short-unix`: `1767323045.123456 HOST UNIT[PID]: text`. */
export const journalLine: ParseLine = (line, beforeMs) => {
  const match = /^(\d+\.\d+) \S+ ([^:[\]]+)(?:\[\d+\])?: (.*)$/.exec(line);
  // A message of several lines goes on indented.
  if (!match) return line.startsWith("-- ") ? undefined : entry(beforeMs, "guest", line);
  return entry(Number(match[1]) * 1000, match[2] ?? "guest", match[3] ?? "");
};

function entry(atMs: number, source: string, text: string): LogEntry | undefined {
  const shown = printable(text);
  return shown === "" ? undefined : { atMs, source: printable(source), text: shown };
}

/** Every entry of a text that holds whole lines. */
export function parseLines(text: string, parse: ParseLine, startMs: number): readonly LogEntry[] {
  let before = startMs;
  return text.split("\n").flatMap((line) => {
    const found = parse(line, before);
    before = found?.atMs ?? before;
    return found ? [found] : [];
  });
}
