import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Output } from "../../../src/cli/context.ts";
import type { Reporter } from "../../../src/cli/lifecycle/reporter.ts";
import type { Step } from "../../../src/cli/lifecycle/steps.ts";
import { createReporter, duration, type ReporterKind } from "../../../src/cli/present/reporter.ts";

const clearLine = "\r\u001b[K";
const controls = new RegExp(`(${clearLine.replace("[", "\\[")}|\n)`);

const start: Step = { kind: "start" };

/** A terminal of some columns that keeps what would be seen: carriage return and clear-line are obeyed. */
function terminal(columns: number, isTTY = true, isDumb = false) {
  const lines: string[] = [""];
  let raw = "";
  const output: Output = {
    isTTY,
    isDumb,
    columns,
    colors: false,
    write: (text) => {
      raw += text;
      for (const part of text.split(controls)) {
        if (part === "\n") lines.push("");
        else if (part === clearLine) lines[lines.length - 1] = "";
        else lines[lines.length - 1] += part;
      }
    },
  };
  return { output, lines, raw: () => raw };
}

let now = 0;

beforeEach(() => {
  now = 0;
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const passing = (ms: number): void => {
  now += ms;
  vi.advanceTimersByTime(ms);
};

function story(reporter: Reporter): void {
  reporter.note("a note before");
  reporter.begin({ kind: "create" });
  reporter.line({ kind: "create" }, "Attempting to download the image");
  reporter.done({ kind: "create" }, 1234);
  reporter.begin(start);
  reporter.line(start, "Waiting for ssh");
  reporter.failed(start, 65_000);
  reporter.end();
}

describe("progress", () => {
  it.each<[ReporterKind, boolean]>([
    ["plain", true],
    ["json", true],
    ["quiet", true],
    ["auto", false],
  ])("%s, on a terminal: %s", async (kind, isTTY) => {
    const { output, raw } = terminal(80, isTTY);
    story(createReporter(kind, output, () => now));
    await expect(raw()).toMatchFileSnapshot(`../../golden/cli/progress-${kind}.txt`);
    expect(raw()).not.toContain("\u001b");
  });

  it("a terminal that draws no line anew gets plain lines", () => {
    const { output, raw } = terminal(80, true, true);
    story(createReporter("auto", output, () => now));
    expect(raw()).toContain("Starting the VM ...\n");
    expect(raw()).not.toContain("\r");
    expect(raw()).not.toContain("\u001b");
  });

  it("json is one event a line", () => {
    const { output, raw } = terminal(80);
    story(createReporter("json", output, () => now));
    const events = raw()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string });
    expect(events.map(({ event }) => event)).toEqual([
      "note",
      "begin",
      "line",
      "done",
      "begin",
      "line",
      "failed",
    ]);
  });

  it("auto is a live line on a terminal", () => {
    const { output, lines } = terminal(80);
    const reporter = createReporter("auto", output, () => now);
    reporter.begin(start);
    expect(lines.at(-1)).toBe("  Starting the VM (0.0 s)");
    passing(3000);
    expect(lines.at(-1)).toBe("  Starting the VM (3.0 s)");
    reporter.line(start, "Waiting for the essential requirement 1 of 2: `ssh`");
    expect(lines.at(-1)).toBe(
      "  Starting the VM (3.0 s) Waiting for the essential requirement 1 of 2: `ssh`",
    );
    reporter.done(start, 41_000);
    expect(lines).toEqual(["ok Started the VM (41 s)", ""]);
    passing(5000);
    expect(lines).toEqual(["ok Started the VM (41 s)", ""]);
  });

  it("is drawn before anything else happens", () => {
    const { output, raw } = terminal(80);
    createReporter("tty", output, () => now).begin(start);
    expect(raw()).toContain("Starting the VM");
  });

  it.each([80, 40, 27, 20, 10])("never fills a line of %i columns, whatever a program says", (columns) => {
    const { output, lines } = terminal(columns);
    const reporter = createReporter("tty", output, () => now);
    reporter.begin({ kind: "discard-incomplete" });
    for (const text of [
      "x".repeat(500),
      "tab\there",
      "\u001b[31mred\u001b[0m",
      "日本語 ".repeat(40),
      "a\r\nb\u0007",
    ]) {
      reporter.line({ kind: "discard-incomplete" }, text);
      passing(500);
      expect(lines).toHaveLength(1);
      expect(lines[0]?.length).toBeLessThan(columns);
      expect(lines[0]).toMatch(/^[\x20-\x7e]*$/);
    }
  });

  it("a note does not stand on the live line", () => {
    const { output, lines } = terminal(80);
    const reporter = createReporter("tty", output, () => now);
    reporter.begin(start);
    reporter.note("a note");
    expect(lines).toEqual(["a note", ""]);
  });

  it("end leaves no half line and no timer", () => {
    const { output, lines } = terminal(80);
    const reporter = createReporter("tty", output, () => now);
    reporter.begin(start);
    reporter.end();
    expect(lines).toEqual(["", ""]);
    expect(vi.getTimerCount()).toBe(0);
    reporter.end();
    expect(lines).toEqual(["", ""]);
  });
});

describe("durations", () => {
  it.each([
    [0, "0.0 s"],
    [949, "0.9 s"],
    [9949, "9.9 s"],
    [9950, "10 s"],
    [59_499, "59 s"],
    [59_500, "1 min 0 s"],
    [3_599_000, "59 min 59 s"],
    [3_600_000, "1 h 0 min"],
    [86_399_000, "23 h 59 min"],
    [90_000_000, "1 d 1 h"],
  ])("%i ms are %s", (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
