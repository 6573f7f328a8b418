import { realpathSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { systemFiles } from "../../src/cli/adapters/files.ts";

/** Only the system knows how a Mac's disk writes a name: Node's own way gives back what was asked for. */
test("a real path has the names as the disk has them", async () => {
  const native = vi.spyOn(realpathSync, "native").mockReturnValue("/Users/mia/Projects");
  expect(await systemFiles.realPath("/Users/mia/projects")).toBe("/Users/mia/Projects");
  native.mockRestore();
});
