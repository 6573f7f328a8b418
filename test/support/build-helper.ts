import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * Builds a program of this folder for tests that need a process of their own, and returns its path. It lies below
 * node_modules, so that the packages it imports are found.
 */
export async function buildHelper(name: string): Promise<string> {
  const outfile = fileURLToPath(new URL(`../../node_modules/.cache/${name}.mjs`, import.meta.url));
  await build({
    entryPoints: [fileURLToPath(new URL(`${name}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "warning",
  });
  return outfile;
}
