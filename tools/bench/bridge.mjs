#!/usr/bin/env node
/**
 * The bridge beside plain ssh, on this machine: `node tools/bench/bridge.mjs [PAIRS] [MEBIBYTES]`, 20 and 256 when not
 * given. Prints medians and rates; the last figures stand in docs/bridge.md.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { buildGuest } from "../build.mjs";

const [pairs, mebibytes] = [Number(process.argv[2] ?? 20), Number(process.argv[3] ?? 256)];
const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = await mkdtemp(`${root}node_modules/.cache/bridge-bench-`);
try {
  await build({
    entryPoints: { bench: `${root}test/bench/bridge-bench.ts`, server: `${root}test/process/hold-bridge.ts` },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "error",
  });
  await buildGuest(folder);
  const { benchBridge } = await import(pathToFileURL(`${folder}/bench.mjs`).href);
  const places = {
    server: `${folder}/server.mjs`,
    client: `${folder}/ascalon-guest.mjs`,
    double: `${root}test/doubles/op-double.cjs`,
  };
  console.log(`Node ${process.version}, ${pairs} pairs, ${mebibytes} MiB`);
  console.log(await benchBridge(places, { pairs, mebibytes }));
} finally {
  await rm(folder, { recursive: true, force: true });
}
