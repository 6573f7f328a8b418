import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { TestProject } from "vitest/node";
import { buildCli } from "../../tools/build.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** Of this run, and removed with it; ascalon.mjs and ascalon-guest.mjs are in it. */
    runFolder: string;
  }
}

/** The programs as people get them: bundled once for all files, from the sources as they are. */
export async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(`${tmpdir()}/ascalon-run-`);
  await buildCli(folder);
  // Some tests start them as another user.
  chmodSync(folder, 0o755);
  project.provide("runFolder", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
