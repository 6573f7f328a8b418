// Writes every file that is made from the sources; with --check names those that are not up to date and exits 1.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @returns {Promise<readonly { path: string, text: string }[]>} */
async function generatedFiles() {
  // Below node_modules, so that the packages it imports are found.
  const outfile = join(root, "node_modules/.cache/generated-files.mjs");
  await build({
    entryPoints: [join(root, "src/cli/generated-files.ts")],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "warning",
  });
  const module = await import(`${pathToFileURL(outfile).href}?${Date.now()}`);
  return module.generatedFiles();
}

/** @param {string} path */
async function textOf(path) {
  try {
    return await readFile(join(root, path), "utf8");
  } catch {
    return undefined;
  }
}

const isCheck = process.argv.includes("--check");
const stale = [];
for (const { path, text } of await generatedFiles()) {
  if ((await textOf(path)) === text) continue;
  stale.push(path);
  if (isCheck) continue;
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}
if (isCheck && stale.length > 0) {
  console.error(`not what the sources give, run npm run gen: ${stale.join(", ")}`);
  process.exitCode = 1;
} else {
  console.log(stale.length === 0 ? "generated files are up to date" : `written: ${stale.join(", ")}`);
}
