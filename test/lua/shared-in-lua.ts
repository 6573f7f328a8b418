import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transpileProject } from "typescript-to-lua";
import { LuaFactory } from "wasmoon";

const root = new URL("../..", import.meta.url).pathname;

/** Functions of src/shared by file, to be called in both languages. */
export const sharedFunctions: Readonly<Record<string, readonly string[]>> = {
  age: ["ageText"],
  "attach-failure": ["explainAttachFailure"],
  "attach-gate": ["decideAttach"],
  chord: ["chordIdentity", "parseChord"],
  codec: ["compareCodecs"],
  "contract-reading": ["contractMismatch", "defaultContract", "readContract"],
  "guest-message": ["judgeMessage", "takeTurn"],
  nearest: ["nearest"],
  "path-mapping": ["normalPath", "toGuestFolder", "toGuestPath", "toHostPath"],
  pieces: ["piecesOf", "positionOf"],
  reattach: ["stepReattach"],
  status: ["linkNamed", "staleFor"],
  "status-reading": ["readStatus"],
  "status-text": ["statusText"],
};

function luaBundle(): string {
  mkdirSync(join(root, "node_modules/.cache"), { recursive: true });
  const folder = mkdtempSync(join(root, "node_modules/.cache/shared-in-lua-"));
  try {
    const lines = Object.entries(sharedFunctions).map(
      ([file, names]) => `export { ${names.join(", ")} } from "../../../src/shared/${file}.ts";`,
    );
    writeFileSync(join(folder, "entry.ts"), lines.join("\n"));
    const config = JSON.parse(readFileSync(join(root, "src/wezterm/tsconfig.json"), "utf8"));
    config.compilerOptions.rootDir = root;
    config.tstl.luaBundleEntry = "./entry.ts";
    config.include = ["entry.ts", join(root, "src/shared/*.ts")];
    config.exclude = [join(root, "src/shared/bridge-*.ts")];
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    let text = "";
    const { diagnostics } = transpileProject(join(folder, "tsconfig.json"), {}, (path, content) => {
      if (path.endsWith(".lua")) text = content;
    });
    if (diagnostics.length > 0) throw new Error(String(diagnostics[0]?.messageText));
    return text;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Calls a shared function in Lua with JSON arguments; undefined and null are the same there. */
export async function sharedInLua(): Promise<(name: string, args: readonly unknown[]) => unknown> {
  const json = readFileSync(new URL("wezterm-double/json.lua", import.meta.url), "utf8");
  const lua = await new LuaFactory().createEngine({ enableProxy: false, injectObjects: false });
  const call = (await lua.doString(`
local H = {}
;(function(H) ${json} end)(H)
local shared = (function(...) ${luaBundle()} end)()
return function(name, text, count)
  return H.json_encode({ value = shared[name](table.unpack(H.json_parse(text), 1, count)) })
end`)) as (name: string, text: string, count: number) => string;
  return (name, args) => JSON.parse(call(name, JSON.stringify(args), args.length)).value;
}

/** JSON without what Lua cannot tell apart: absent and null, an empty object and an empty list. */
export function plain(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(plain);
  const entries = Object.entries(value)
    .map(([name, item]) => [name, plain(item)] as const)
    .filter(([, item]) => item !== undefined);
  return entries.length === 0 ? [] : Object.fromEntries(entries);
}
