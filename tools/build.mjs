// Bundles the CLI into one minified file. Run by `npm run build`, and by the other tools before they need it.
import { chmod, readFile } from "node:fs/promises";
import { build } from "esbuild";

const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));

/** CommonJS packages inside an ES module bundle call `require` for Node's own modules. */
const requireBanner =
  'import{createRequire as __ascalonRequire}from"node:module";const require=__ascalonRequire(import.meta.url);';

export async function buildCli(outfile = "dist/ascalon.mjs") {
  await build({
    entryPoints: [new URL("../src/cli/main.ts", import.meta.url).pathname],
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "esm",
    legalComments: "none",
    banner: { js: `#!/usr/bin/env node\n${requireBanner}` },
    define: { __ASCALON_VERSION__: JSON.stringify(version) },
    logLevel: "warning",
  });
  await chmod(outfile, 0o755);
}

if (process.argv[1] === new URL(import.meta.url).pathname) await buildCli();
