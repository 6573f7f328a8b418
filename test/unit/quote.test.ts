import { describe, expect, test } from "vitest";
import { quote, quoteAll } from "../../src/cli/quote.ts";

describe("an argument", () => {
  test.each([
    ["plain", "plain"],
    ["/nix/store/x-1.0", "/nix/store/x-1.0"],
    ["--flag", "--flag"],
    ["", "''"],
    ["a b", "'a b'"],
    ["it's", `'it'"'"'s'`],
    ["'", `"'"`],
    ["a\\b", `'a'"\\\\"'b'`],
    ["'\\'", `"'\\\\'"`],
    ["$HOME", "'$HOME'"],
    ["a\nb", "'a\nb'"],
    // Each is special at the start of a word in one of the four shells.
    ["=ls", "'=ls'"],
    ["~", "'~'"],
    ["%1", "'%1'"],
    ["^x", "'^x'"],
    ["a=b", "'a=b'"],
    ["é", "'é'"],
  ])("%j is written %s", (argument, written) => {
    expect(quote(argument)).toBe(written);
  });

  test("that is long and hard grows by little", () => {
    expect(quote("'\\".repeat(10_000)).length).toBeLessThan(31_000);
  });

  test("is parted from the next by one space", () => {
    expect(quoteAll(["a", "", "b c"])).toBe("a '' 'b c'");
  });
});
