import { expect, it } from "vitest";
import { findExistence } from "../../../src/cli/adapters/lima/existence.ts";
import { isMarked } from "../../../src/cli/adapters/lima/marker.ts";
import { pathsOf } from "../../../src/cli/paths.ts";
import { fakeContext } from "../../support/fake-context.ts";

it.each([
  ["as ascalon writes it", "param:\n  ascalon: '1'\n", true],
  [
    "behind another, a comment and an empty line",
    'param:\r\n    # c\r\n\r\n    a: 1\r\n    "ascalon": 1\r\n',
    true,
  ],
  ["in braces", "param: { a: 1, ascalon: '1' }\n", true],
  ["of another section with the same indent", "param:\n  other: 1\nenv:\n  ascalon: '1'\n", false],
  ["below another parameter", "param:\n  other:\n    ascalon: '1'\n", false],
  ["no parameter", "env:\n  ascalon: '1'\n", false],
])("the mark of ascalon, %s", (_name, text, expected) => {
  expect(isMarked(text)).toBe(expected);
});

it.each([
  ["that ascalon began", "/home/mia/.lima/ascalon", "ours"],
  ["that it did not", undefined, "foreign-half"],
])("a folder without a lima.yaml and with all else of a VM, %s", async (_name, begun, expected) => {
  const context = fakeContext();
  if (begun !== undefined) context.files.put("/home/mia/.local/state/ascalon/instance-folder", begun);
  const found = await findExistence(context, pathsOf(context), {
    hasFolder: true,
    limaYaml: undefined,
    writtenYaml: "param:\n  ascalon: '1'\n",
    isWhole: true,
    wasMade: true,
  });
  expect(found.exists).toBe(expected);
});
