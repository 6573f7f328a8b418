import { expect, test } from "vitest";
import { fuzzBridge } from "../../fuzz/bridge-fuzz.ts";

test("no mutated frames start anything that is not allowed, or keep it alive", async () => {
  const figures = await fuzzBridge(20_260_101, 100_000);
  expect(figures.started).toBeGreaterThan(1_000);
}, 60_000);
