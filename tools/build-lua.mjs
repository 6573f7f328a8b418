import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { transpileProject } from "typescript-to-lua";
import { ascalonLuaPlugin } from "./tstl-plugin.mjs";

/**
 * Builds lua-out/ascalon.lua; with --check says whether the committed file is the one the sources give.
 * In-process, because the tstl command exits 0 with nothing written when noEmitOnError meets a warning; here any
 * diagnostic fails the build.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, "lua-out/ascalon.lua");

export const maxBundleBytes = 32 * 1024;

/**
 * The bundle's text, or the diagnostics.
 * @param {string} [project] another tsconfig.json, for tests of the guards
 * @returns {{ text: string | undefined, problems: readonly string[] }}
 */
export function buildLua(project = join(root, "src/wezterm/tsconfig.json")) {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const contract = /contractVersion = (\d+)/.exec(
    readFileSync(join(root, "src/shared/plugin-contract.ts"), "utf8"),
  )?.[1];
  if (contract === undefined) throw new Error("src/shared/plugin-contract.ts has no contractVersion");
  /** @type {string | undefined} */
  let text;
  const { diagnostics } = transpileProject(
    project,
    { luaPlugins: [{ plugin: ascalonLuaPlugin({ version, contract, maxBytes: maxBundleBytes }) }] },
    (path, content) => {
      if (path.endsWith(".lua")) text = content;
    },
  );
  const problems = diagnostics.map((diagnostic) => ts.formatDiagnostic(diagnostic, formatHost).trimEnd());
  return { text: problems.length > 0 ? undefined : text, problems };
}

const formatHost = {
  getCanonicalFileName: (/** @type {string} */ name) => name,
  getCurrentDirectory: () => root,
  getNewLine: () => "\n",
};

function committed() {
  try {
    return readFileSync(target, "utf8");
  } catch {
    return undefined;
  }
}

function main() {
  const { text, problems } = buildLua();
  if (text === undefined) {
    console.error(problems.join("\n") || "The Lua build wrote nothing.");
    return 1;
  }
  if (process.argv.includes("--check")) {
    if (committed() === text) return 0;
    console.error("lua-out/ascalon.lua is not what the sources give: run node tools/build-lua.mjs");
    return 1;
  }
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
  console.log(`lua-out/ascalon.lua: ${Buffer.byteLength(text)} bytes`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main();
