import { expect, it } from "vitest";
import { readOnlyMode } from "../../src/cli/read-only.ts";

it.each([
  [0o444, "0444"],
  [0o400, "0400"],
  [0, "0000"],
  // Others may write it, its owner may not.
  [0o466, "0466"],
  [0o644, undefined],
  [0o200, undefined],
])("a file of mode %o is read-only: %s", (mode, expected) => {
  expect(readOnlyMode({ kind: "file", mode })).toBe(expected);
});

it("what is no file, or is not there, is not", () => {
  for (const kind of ["folder", "symlink", "socket", "other"] as const)
    expect(readOnlyMode({ kind, mode: 0o555 })).toBeUndefined();
  expect(readOnlyMode(undefined)).toBeUndefined();
});
