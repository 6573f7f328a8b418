// Bundles the CLI, minified, into dist/. Run by `npm run build`, and by the other tools before they need it.
import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));

/** CommonJS packages inside an ES module bundle use these, write-file-atomic for one. */
const requireBanner =
  'import{createRequire as __ascalonRequire}from"node:module";' +
  "const require=__ascalonRequire(import.meta.url),__filename=new URL(import.meta.url).pathname;";

/**
 * One bundle, cut where the sources say `import()`: a single file of 480 KB cost 18 ms of parsing at each start
 * (docs/performance.md), five times what `ascalon status` does itself.
 */
export async function buildCli(outdir = "dist") {
  await rm(outdir, { recursive: true, force: true });
  await build({
    entryPoints: { ascalon: new URL("../src/cli/main.ts", import.meta.url).pathname },
    outdir,
    outExtension: { ".js": ".mjs" },
    chunkNames: "chunks/[name]-[hash]",
    splitting: true,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "esm",
    legalComments: "none",
    banner: { js: requireBanner },
    define: { __ASCALON_VERSION__: JSON.stringify(version) },
    logLevel: "warning",
  });
  const entry = `${outdir}/ascalon.mjs`;
  await writeFile(entry, `#!/usr/bin/env node\n${await readFile(entry, "utf8")}`);
  await chmod(entry, 0o755);
}

if (process.argv[1] === new URL(import.meta.url).pathname) await buildCli();
