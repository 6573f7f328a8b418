import { expect, test } from "vitest";
import { machineArch } from "../../src/cli/create-context.ts";

test.each([
  ["darwin", "x64", "VirtualApple @ 2.50GHz", "arm64"],
  ["darwin", "x64", "Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz", "x64"],
  ["darwin", "arm64", "Apple M2", "arm64"],
  ["linux", "x64", "VirtualApple @ 2.50GHz", "x64"],
  ["linux", "x64", undefined, "x64"],
])("%s, a Node for %s, on %s: %s", (platform, nodeArch, processor, arch) => {
  expect(machineArch(platform, nodeArch, processor)).toBe(arch);
});
