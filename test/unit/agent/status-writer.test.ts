import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import writeFileAtomic from "write-file-atomic";
import { systemFiles } from "../../../src/cli/adapters/files.ts";
import { createStatusWriter } from "../../../src/cli/agent/status-file.ts";
import { statusSchema } from "../../../src/shared/status.ts";

vi.mock("write-file-atomic", () => ({ default: vi.fn() }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "status-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("status.json, which is written every few seconds, does not empty the disk's cache each time; a setting does", async () => {
  const status = { schema: statusSchema, attention: [], links: [] };
  await createStatusWriter(systemFiles, join(folder, "status.json"), () => {}).write(status as never);
  await systemFiles.writeAtomic(join(folder, "ascalon.yaml"), "");
  expect(vi.mocked(writeFileAtomic).mock.calls.map(([, , options]) => options)).toEqual([
    { mode: 0o600, fsync: false },
    { mode: 0o600, fsync: true },
  ]);
});
