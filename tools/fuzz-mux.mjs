#!/usr/bin/env node
/**
 * The long fuzz run of the mux parser: `node tools/fuzz-mux.mjs [STREAMS] [SEED]`, 1,000,000 when not given.
 * `npm test` makes a short one. Figures of the last long run stand in docs/reliability.md.
 */
import { rm } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const streams = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 32));
const root = fileURLToPath(new URL("..", import.meta.url));
const outfile = `${root}node_modules/.cache/fuzz-mux-${process.pid}.mjs`;
try {
  await build({
    entryPoints: [`${root}test/fuzz/mux-fuzz.ts`],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "error",
    // The fixtures are found from the source's place, not from the bundle's.
    define: { "import.meta.url": JSON.stringify(pathToFileURL(`${root}test/fuzz/mux-fuzz.ts`).href) },
  });
  const { fuzzMux } = await import(pathToFileURL(outfile).href);
  console.log(`seed ${seed}, Node ${process.version}`);
  console.log(fuzzMux(seed, streams));
  console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
} finally {
  await rm(outfile, { force: true });
}
