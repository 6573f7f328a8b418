#!/usr/bin/env node
/**
 * The long fuzz run of the bridge's server: `node tools/fuzz-bridge.mjs [FRAMES] [SEED]`, 1,000,000 when not given.
 * `npm test` makes a short one. Figures of the last long run stand in docs/bridge.md.
 */
import { rm } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const frames = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
const root = fileURLToPath(new URL("..", import.meta.url));
const outfile = `${root}node_modules/.cache/fuzz-bridge-${process.pid}.mjs`;
try {
  await build({
    entryPoints: [`${root}test/fuzz/bridge-fuzz.ts`],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "error",
  });
  const { fuzzBridge } = await import(pathToFileURL(outfile).href);
  console.log(`seed ${seed}, Node ${process.version}`);
  console.log(await fuzzBridge(seed, frames));
  console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
} finally {
  await rm(outfile, { force: true });
}
