// `npm run bench`: paired measurements, printed as the tables of docs/performance.md. BENCH_RUNS and BENCH_BOOTS set how often.
import "./new-enough-node.mjs";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
for (const [file, args] of [
  ["node", ["tools/build.mjs"]],
  ["npx", ["vitest", "run", "--project", "bench", ...process.argv.slice(2)]],
]) {
  const { status } = spawnSync(String(file), /** @type {string[]} */ (args), { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

const { measure } = await import("./bench/plugin.mjs");
console.log("\n| plugin | figure | bound |\n|--|--|--|");
for (const { name, value, unit, bound } of await measure()) {
  console.log(`| ${name} | ${value} ${unit} | ${bound ?? "none"} |`);
}
