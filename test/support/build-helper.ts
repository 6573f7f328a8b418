import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Builds a program of this folder for tests that need a process of their own, and returns its path: one file, as it starts soonest. */
export async function buildHelper(name: string): Promise<string> {
  const outfile = fileURLToPath(new URL(`../../node_modules/.cache/${name}.cjs`, import.meta.url));
  await build({
    entryPoints: [fileURLToPath(new URL(`${name}.ts`, import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "warning",
  });
  return outfile;
}
