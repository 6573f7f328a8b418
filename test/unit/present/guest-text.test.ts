import { describe, expect, test } from "vitest";
import { AscalonError } from "../../../src/cli/errors.ts";
import { journalLine } from "../../../src/cli/logs/parse-lines.ts";
import { renderDoctor } from "../../../src/cli/present/doctor.ts";
import { renderError } from "../../../src/cli/present/error.ts";
import { renderGenerations } from "../../../src/cli/present/generations.ts";
import { renderEntry } from "../../../src/cli/present/logs.ts";
import { renderParity } from "../../../src/cli/present/parity.ts";
import { createReporter } from "../../../src/cli/present/reporter.ts";
import { oneLine, printable } from "../../../src/cli/printable.ts";

/** The clipboard (OSC 52), the title, a colour, and the same begun by the one character that C1 has for it. */
const hostile = "\u001b]52;c;cm0K\u0007\u001b]0;x\u001b\\\u001b[2J\u009b31m\u009d0;y\u009c\u007f";

const reported = (isTTY: boolean): string => {
  const parts: string[] = [];
  const output = {
    isTTY,
    isDumb: false,
    columns: 80,
    colors: false,
    write: (more: string) => void parts.push(more),
  };
  const reporter = createReporter("auto", output, () => 0);
  reporter.begin({ kind: "start" });
  reporter.line({ kind: "start" }, hostile);
  reporter.note(`a note ${hostile}`);
  reporter.end();
  // What the reporter says itself.
  return parts.join("").replaceAll("\r\u001b[K", "");
};

const generation = {
  number: 1,
  madeAtSeconds: 1,
  version: `26.05${hostile}`,
  kernel: `6.1\n${hostile}`,
  system: "/nix/store/x",
  current: true,
  next: false,
  booted: false,
  foreign: false,
};
const row = {
  category: "c",
  name: `n${hostile}`,
  host: `1${hostile}`,
  guest: null,
  verdict: "host-only",
} as const;
const failure = new AscalonError("E_BUILD", {
  what: `what ${hostile}`,
  why: `why ${hostile}`,
  run: `run ${hostile}`,
  details: [`detail ${hostile}`],
});

test("a time of the guest that is no date does not end the command", () => {
  const entry = journalLine("99999999999999999.000000 host unit[1]: words", 1_000);
  expect(entry && renderEntry(entry, false)).toContain("words");
});

describe("words of the guest never command the terminal", () => {
  test.each([
    ["an error", renderError(failure, { asJson: false, colors: false })],
    ["generations", renderGenerations([generation])],
    ["parity", renderParity([row], true)],
    ["doctor", renderDoctor([{ id: "home", verdict: "problem", evidence: hostile, fix: hostile }], false)],
    ["a live line", reported(true)],
    ["plain lines", reported(false)],
    [
      "a line of a log",
      renderEntry(journalLine(`1.0 host ev${hostile}il[1]: x ${hostile}`, 0) ?? never(), false),
    ],
    ["a line of a log without a time", renderEntry(journalLine(hostile, 0) ?? never(), false)],
  ])("%s", (_name, text) => {
    expect(text).toMatch(/\S/);
    expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  test("text stays text", () => {
    expect(printable("\u001b[1mwarnung:\u001b[0m Größe\t3 €\r\nzwei ")).toBe("warnung: Größe\t3 €\nzwei");
    expect(oneLine(" a\n\tb\u001b[31mc ")).toBe("a bc");
    // UEFI's modes, systemd's word to the terminal of who logs in, a character set, a whole reset.
    expect(printable("\u001b[=3hBds\u001b]3008;start=1;user=root\u001b\\ \u001b(B\u001bclogin:")).toBe(
      "Bds login:",
    );
    // One that does not end hides nothing.
    expect(printable("\u001b]0;title\ntext")).toBe("0;title\ntext");
    // What is left of a sequence in a sequence is none.
    expect(printable("\u001b\u001b[31m[0m")).toBe("[0m");
  });
});

function never(): never {
  throw new Error("the line was left out");
}
