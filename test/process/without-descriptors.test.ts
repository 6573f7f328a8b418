import { rmSync } from "node:fs";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemProcesses } from "../../src/cli/adapters/process.ts";

const outfile = new URL(`../../node_modules/.cache/descriptors-${process.pid}.mjs`, import.meta.url).pathname;

beforeAll(async () => {
  const entryPoints = [new URL("./without-descriptors.ts", import.meta.url).pathname];
  await build({ entryPoints, outfile, bundle: true, format: "esm", platform: "node", packages: "external" });
});
afterAll(() => rmSync(outfile, { force: true }));

test.each([0, 2, 4, 6])(
  "%i descriptors left: no program is started, nothing ends, nothing stays open",
  async (left) => {
    const script = `ulimit -n 400; exec '${process.execPath}' '${outfile}' ${left}`;
    const { stdout, stderr } = await systemProcesses.run("/bin/sh", ["-c", script], { timeoutMs: 20_000 });
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({ ends: ["EMFILE", "EMFILE", "EMFILE"], kept: 0, exitCode: 0 });
  },
);
