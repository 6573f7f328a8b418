import { describe, expect, it } from "vitest";
import { hostAgentText, journalText, stampedText } from "../../../src/cli/logs/parse-lines.ts";

const writtenMs = Date.UTC(2026, 6, 2);

describe("lines of ascalon's own logs", () => {
  it("without a time have their neighbour's, at the beginning too", () => {
    const text =
      "half a message\n2026-01-02T03:04:05.000Z one\nits second line\n2026-01-02T03:04:06.000Z two\n";
    const [first = Number.NaN, ...rest] = stampedText("agent")(text, writtenMs).map(({ atMs }) => atMs);
    expect(first).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
    expect(rest).toEqual([first, first, first + 1000]);
  });

  it("have the file's time when none has one", () => {
    expect(stampedText("agent")("node: bad option\n", writtenMs)).toEqual([
      { atMs: writtenMs, source: "agent", text: "node: bad option" },
    ]);
  });
});

describe("lines of Lima's host agent", () => {
  it("say the error that belongs to a warning, and are shown whole when they are no JSON", () => {
    const text = [
      '{"level":"debug","msg":"not shown","time":"2026-01-02T03:00:06Z"}',
      '{"error":"exit status 255","level":"warning","msg":"connection lost","time":"2026-01-02T03:00:07Z"}',
      "qemu-system-x86_64: terminating on signal 15",
      "null",
    ].join("\n");
    expect(hostAgentText(text, writtenMs).map((entry) => entry.text)).toEqual([
      "warning: connection lost: exit status 255",
      "qemu-system-x86_64: terminating on signal 15",
      "null",
    ]);
  });
});

describe("lines of the journal", () => {
  it("keep the unit of a message of several lines, and microseconds", () => {
    const text = [
      "1767322825.250001 ascalon ascalon-switch[12]: error: one",
      "                                               two",
      "1767322826.000000 ascalon foo:bar[1]: x: y",
      "-- Boot 0123 --",
      "1767322827.000000 ascalon kernel: a\u2028b",
    ].join("\n");
    expect(journalText(text).map(({ source, text: words }) => [source, words])).toEqual([
      ["ascalon-switch", "error: one"],
      ["ascalon-switch", "                                               two"],
      ["foo:bar", "x: y"],
      ["kernel", "a\u2028b"],
    ]);
    expect(journalText(text)[0]?.atMs).toBe(1767322825250.001);
    expect(journalText(text)[1]?.atMs).toBe(1767322825250.001);
  });
});
