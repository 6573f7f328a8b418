// Writes every file that is made from the sources; with --check names those that are not up to date and exits 1.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Files that the CLI has to have with it, because its bundle may lie anywhere: by the name they are exported under. */
const carried = {
  rollbackTimerScript: "nix/guest/rollback-timer.sh",
  systemSwitchScript: "nix/guest/system-switch.sh",
  generationsScript: "nix/guest/generations.sh",
  homeDiskScript: "nix/guest/home-disk.sh",
  homeMoveScript: "nix/guest/home-move.sh",
  homeOnImageScript: "nix/guest/home-on-image.sh",
  linkFolderScript: "nix/guest/link-folder.sh",
  loginShellScript: "nix/guest/login-shell.sh",
  flakeSwapScript: "nix/guest/flake-swap.sh",
  systemFactsScript: "nix/guest/system-facts.sh",
  installedProgramsScript: "nix/guest/installed-programs.sh",
  starterFlake: "templates/flake/flake.nix",
  starterGuest: "templates/flake/guest.nix",
};

/** The text of src/cli/carried-files.ts. */
async function carriedFiles() {
  const parts = ["// Made by `npm run gen` from the files that are named; do not edit."];
  for (const [name, path] of Object.entries(carried)) {
    const text = (await readFile(join(root, path), "utf8")).replace(/[\\`]|\$(?=\{)/g, "\\$&");
    parts.push(`/** ${path} */\nexport const ${name} = \`${text}\`;`);
  }
  return { path: "src/cli/carried-files.ts", text: `${parts.join("\n\n")}\n` };
}

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
/** @type {string[]} */
const stale = [];

/** @param {{ path: string, text: string }} file */
async function bringUpToDate({ path, text }) {
  if ((await textOf(path)) === text) return;
  stale.push(path);
  if (isCheck) return;
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

// First, because the others are made by a program that imports it.
await bringUpToDate(await carriedFiles());
for (const file of await generatedFiles()) await bringUpToDate(file);
if (isCheck && stale.length > 0) {
  console.error(`not what the sources give, run npm run gen: ${stale.join(", ")}`);
  process.exitCode = 1;
} else {
  console.log(stale.length === 0 ? "generated files are up to date" : `written: ${stale.join(", ")}`);
}
