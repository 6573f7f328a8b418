import { realpathSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { systemFiles } from "../../src/cli/adapters/files.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Only the system knows how a Mac's disk writes a name: Node's own way gives back what was asked for. */
test("a real path has the names as the disk has them", async () => {
  vi.spyOn(realpathSync, "native").mockReturnValue("/Users/mia/Projects");
  expect(await systemFiles.realPath("/Users/mia/projects")).toBe("/Users/mia/Projects");
});
