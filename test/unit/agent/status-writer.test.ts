import fs, { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemFiles } from "../../../src/cli/adapters/files.ts";
import { createStatusWriter } from "../../../src/cli/agent/status-file.ts";
import { statusSchema } from "../../../src/shared/status.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "status-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test("status.json, which is written every few seconds, does not empty the disk's cache each time; a setting does", async () => {
  const flushes = vi.spyOn(fs, "fsync");
  const status = { schema: statusSchema, attention: [], links: [] };
  await createStatusWriter(systemFiles, join(folder, "status.json"), () => {}).write(status as never);
  expect(fs.existsSync(join(folder, "status.json"))).toBe(true);
  expect(flushes).not.toHaveBeenCalled();
  await systemFiles.writeAtomic(join(folder, "ascalon.yaml"), "");
  expect(flushes).toHaveBeenCalledOnce();
});
