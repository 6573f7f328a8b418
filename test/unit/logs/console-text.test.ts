import { describe, expect, it } from "vitest";
import { consoleText } from "../../../src/cli/logs/console-text.ts";

const writtenMs = Date.UTC(2026, 6, 2, 3, 4, 5);

/** Seconds before the file was last written to, and the text. */
const told = (lines: readonly string[]) =>
  consoleText(lines.join("\n"), writtenMs).map(({ atMs, text }) => [(atMs - writtenMs) / 1000, text]);

describe("lines of the console", () => {
  it("are counted back from when the file was written to", () => {
    expect(
      told(["[    0.000000] Linux version 6.12", "[    2.500000] EXT4-fs", "[   12.000000] Kernel panic"]),
    ).toEqual([
      [-12, "[    0.000000] Linux version 6.12"],
      [-9.5, "[    2.500000] EXT4-fs"],
      [0, "[   12.000000] Kernel panic"],
    ]);
  });

  it("of firmware and GRUB come before the kernel's first, not last", () => {
    expect(
      told(["BdsDxe: starting Boot0001", "GNU GRUB", "[    1.000000] a", "systemd", "[    3.000000] b"]),
    ).toEqual([
      [-2, "BdsDxe: starting Boot0001"],
      [-2, "GNU GRUB"],
      [-2, "[    1.000000] a"],
      [-2, "systemd"],
      [0, "[    3.000000] b"],
    ]);
  });

  it("of two boots stand one after the other", () => {
    const lines = [
      "[    0.000000] first",
      "[   90.000000] reboot: Restarting system",
      "GNU GRUB",
      "[    0.000000] second",
      "[    4.000000] now",
    ];
    expect(told(lines)).toEqual([
      [-94, "[    0.000000] first"],
      [-4, "[   90.000000] reboot: Restarting system"],
      [-4, "GNU GRUB"],
      [-4, "[    0.000000] second"],
      [0, "[    4.000000] now"],
    ]);
  });

  it("of a boot that ended within its first second are one of their own", () => {
    const at = told(["[    0.000000] a", "[    0.500000] panic", "[    0.000000] b", "[    2.000000] c"]);
    expect(at.map(([seconds]) => seconds)).toEqual([-2.5, -2, -2, 0]);
  });

  it("of two processors, whose clocks differ a little, are of one boot", () => {
    const at = told(["[    5.000300] a", "[    5.000100] b", "[    6.000000] c"]);
    expect(at.map(([seconds]) => Number(seconds).toFixed(4))).toEqual(["-0.9997", "-0.9999", "0.0000"]);
  });

  it("with the stamp behind something are counted as well: a prompt, sequences that clear the screen, a processor's name", () => {
    const lines = ["\u001b[2J\u001b[=3h[    1.000000][    T1] a\r", "ascalon login: [    4.000000] b"];
    expect(told(lines)).toEqual([
      [-3, "[    1.000000][    T1] a"],
      [0, "ascalon login: [    4.000000] b"],
    ]);
  });

  it("without any stamp are of when they were written, and empty ones are none", () => {
    expect(told(["", "<<< NixOS Stage 1 >>>\r", "\u001b[0m", "ascalon login: "])).toEqual([
      [0, "<<< NixOS Stage 1 >>>"],
      [0, "ascalon login:"],
    ]);
    expect(consoleText("", writtenMs)).toEqual([]);
  });
});
