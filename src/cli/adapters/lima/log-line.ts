/** One line of limactl's stderr. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
}

/**
 * Parses logrus's text form: `time="…" level=fatal msg="…" key=value`. Lines of another form (QEMU's, the
 * runtime's) come back as level `raw`.
 */
export function parseLogLine(line: string): LogLine {
  const match = /^time="[^"]*" level=(\w+) msg=("(?:[^"\\]|\\.)*"|\S+)/.exec(line);
  if (!match) return { level: "raw", message: line.trim() };
  const [, level = "raw", raw = ""] = match;
  return { level, message: raw.startsWith('"') ? unquote(raw) : raw };
}

/** Go's %q: the escapes that JSON has too, and a few more that are left as they stand. */
function unquote(raw: string): string {
  try {
    return JSON.parse(raw) as string;
  } catch {
    return raw.slice(1, -1).replaceAll('\\"', '"').replaceAll("\\n", "\n");
  }
}

/** The message that ended limactl: its last fatal or error line, else its last line. */
export function fatalMessage(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const parsed = lines.map(parseLogLine);
  const fatal =
    parsed.findLast(({ level }) => level === "fatal") ?? parsed.findLast(({ level }) => level === "error");
  return fatal?.message ?? parsed.at(-1)?.message ?? "";
}
