import { expect, test } from "vitest";
import { mayReadStdin } from "../../../src/guest/op-stdin.ts";

test.each([
  ["read op://v/i/f", false],
  ["--account a read -n op://v/i/f", false],
  ["item list --vault v", false],
  ["vault ls", false],
  ["item get name --fields label=x", false],
  ["document get name", false],
  ["item rm name", false],
  // What is named comes on stdin, or with no name perhaps.
  ["item get -", true],
  ["vault get", true],
  ["item get -- -", true],
  ["inject", true],
  ["signin", true],
  ["item create --category login title=x", true],
  ["item edit name", true],
  ["document create -", true],
])("op %s: %s", (line, expected) => {
  expect(mayReadStdin(line.split(" "))).toBe(expected);
});
