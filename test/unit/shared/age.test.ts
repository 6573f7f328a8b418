import { expect, test } from "vitest";
import { ageText } from "../../../src/shared/age.ts";

test.each([
  [-5, "0 s"],
  [59.9, "59 s"],
  [60, "1 min"],
  [3_599, "59 min"],
  [3_600, "1 h"],
  [172_799, "47 h"],
  [172_800, "2 d"],
])("%d seconds are %s", (seconds, text) => {
  expect(ageText(seconds)).toBe(text);
});
