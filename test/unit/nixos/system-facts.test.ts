import { describe, expect, it } from "vitest";
import { parseSystemFacts } from "../../../src/cli/nixos/system-facts.ts";

const told = (settings: string): unknown => parseSystemFacts(`os nixos\nsettings ${settings}\n`).told;

describe("what a guest's system was told, as the guest says it", () => {
  it("is the file's content", () => {
    expect(told('{"schema":1}')).toEqual({ schema: 1 });
  });

  it.each([
    ["none", ""],
    ["half of one", '{"schema":'],
    ["a number", "1"],
    [
      "larger than any that ascalon wrote, and would be read at each look",
      `{"mounts":"${"x".repeat(300_000)}"}`,
    ],
    ["nested so deep that it could not be written", `${"[".repeat(20_000)}${"]".repeat(20_000)}`],
  ])("is nothing when it is %s", (_, settings) => {
    expect(told(settings)).toBeNull();
  });
});
