import { expect, test } from "vitest";
import { fuzzMux } from "../../fuzz/mux-fuzz.ts";

const randomSeed = Math.floor(Math.random() * 2 ** 32);

test.each([
  ["a fixed seed", 20250223],
  [`seed ${randomSeed}`, randomSeed],
])("25,000 mutated streams, %s", { timeout: 60_000 }, (_, seed) => {
  const figures = fuzzMux(seed, 25_000);
  expect(figures.frames).toBeGreaterThan(1_000);
  expect(figures.malformed).toBeGreaterThan(1_000);
  // One stream in a second would already be a loop that the input's length does not bound.
  expect(figures.slowestMs).toBeLessThan(1_000);
});
