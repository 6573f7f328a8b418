#!/usr/bin/env node
/**
 * Measures how long links take to heal, for the table in docs/reliability.md:
 * `node --expose-gc tools/measure-heals.mjs [RUNS] [HEALS] [WHICH]`: 7 runs of each fault whose name matches WHICH,
 * 1,000 heals for growth.
 */
import { rm } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const runs = Number(process.argv[2] ?? 7);
const heals = Number(process.argv[3] ?? 1_000);
const which = new RegExp(process.argv[4] ?? "");
const root = fileURLToPath(new URL("..", import.meta.url));
const outfile = `${root}node_modules/.cache/heal-links-${process.pid}.mjs`;
try {
  await build({
    entryPoints: [`${root}test/bench/heal-links.ts`],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "error",
    // The doubles are found from the sources' places, not from the bundle's.
    define: { "import.meta.url": JSON.stringify(pathToFileURL(`${root}test/doubles/mux-double.ts`).href) },
  });
  const { measureGrowth, measureHeals, measureIdle } = await import(pathToFileURL(outfile).href);
  console.log(`idle CPU: ${(await measureIdle(20)).toFixed(2)} % of a core`);
  for (const figure of runs > 0 ? await measureHeals(runs, which, console.error) : []) {
    const [median, worst] = [figure.medianMs, figure.worstMs].map((ms) => (ms / 1000).toFixed(2));
    console.log(`| ${figure.fault} | ${figure.from} | ${median} s | ${worst} s | ${figure.runs} |`);
  }
  if (heals > 0) console.log(await measureGrowth(heals));
} finally {
  await rm(outfile, { force: true });
}
