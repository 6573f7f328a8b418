// `npm run check`: everything that needs no guest and no test runner to be wrong. Stops at nothing, reports all.
import "./new-enough-node.mjs";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** @type {readonly (readonly [string, string, readonly string[]])[]} */
const checks = [
  ["format and lint", "npx", ["biome", "check", "."]],
  ["types", "npx", ["tsc", "-b"]],
  ["generated files", "node", ["tools/generate.mjs", "--check"]],
  ["lua bundle", "node", ["tools/build-lua.mjs", "--check"]],
  ["architecture", "npx", ["vitest", "run", "--project", "fast", "test/architecture.test.ts"]],
  ["unused code", "npx", ["knip"]],
];

const failed = [];
for (const [name, file, args] of checks) {
  const began = Date.now();
  const { status } = spawnSync(file, args, { cwd: root, stdio: "inherit" });
  console.log(`${status === 0 ? "ok  " : "FAIL"} ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`npm run check: ${failed.join(", ")} failed`);
  process.exitCode = 1;
}
