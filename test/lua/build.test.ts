import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { transpileString } from "typescript-to-lua";
import { afterAll, describe, expect, test } from "vitest";
import { buildLua, maxBundleBytes } from "../../tools/build-lua.mjs";
import { exportedNames, internalFields } from "../../tools/lua-names.mjs";
import { ascalonLuaPlugin } from "../../tools/tstl-plugin.mjs";
import { bundle } from "./wezterm-double.ts";

const root = new URL("../..", import.meta.url).pathname;
mkdirSync(join(root, "node_modules/.cache"), { recursive: true });
const scratch = mkdtempSync(join(root, "node_modules/.cache/lua-build-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const head =
  'import * as wezterm from "wezterm"; import type { Async, AsyncHost, Domain, MuxWindow, Pane, Window } from "wezterm";\n';

/** What the build must say to a file of this content; undefined: nothing. */
const cases: Readonly<Record<string, readonly [code: string, part: string | undefined]>> = {
  "the debug library": ["export const x = debug.traceback();", "debug"],
  "new Error": ['export const x = new Error("x");', "Error"],
  throw: ['export function f() { throw "x"; }', "return a value"],
  async: ["export async function f() {}", "async functions swallow"],
  await: ["export async function f(p: Promise<void>) { await p; }", "await swallows"],
  "a generator": ["export function* f() { yield 1; }", "generators swallow"],
  JSON: ["export const x = JSON.stringify(1);", "JSON: not in Lua"],
  Date: ["export const x = Date.now();", "Date: not in Lua"],
  Map: ["export const x = new Map();", "Map: 7 KB"],
  Set: ["export const x = new Set();", "Set: 8 KB"],
  Promise: ["export const x = Promise.resolve();", "Promise: runs"],
  console: ['console.log("x"); export {};', "console: not in WezTerm"],
  "a regular expression": ["export const x = /a/;", "no regular expressions"],
  "a class": ["export class X {}", "classes cost library"],
  spreading: ["export const f = (a: number[]) => [0, ...a];", "spreading costs library"],
  delete: ["export const f = (a: { b?: number }) => { delete a.b; };", "delete costs"],
  "slice from the end": ["export const f = (a: string) => a.slice(-2);", "cannot count from the end"],
  "startsWith further on": [
    'export const f = (a: string) => a.startsWith("b", 1);',
    "looks at the beginning only",
  ],
  "a name that is declared nowhere": ["export const x = nowhere();", "nowhere"],
  "the truth of a text, which is another in Lua": [
    "export const f = (a: string) => (a ? 1 : 2);",
    "Only false and nil",
  ],
  "perform_action in a sync handler": [
    `${head}export const f = (w: Window, p: Pane) => w.perform_action(wezterm.action.EmitEvent("x"), p);`,
    "__yields",
  ],
  "attach in a sync handler": [`${head}export const f = (d: Domain) => d.attach();`, "__yields"],
  "spawn_tab in a sync handler": [
    `${head}export const f = (w: MuxWindow) => w.spawn_tab({ domain: { DomainName: "x" } });`,
    "__yields",
  ],
  "spawn_tab by way of a window in a sync handler": [
    `${head}export const f = (w: Window) => w.mux_window().spawn_tab({ domain: { DomainName: "x" } });`,
    "__yields",
  ],
  "gui_window in a sync handler": [`${head}export const f = (w: MuxWindow) => w.gui_window();`, "__yields"],
  "run_child_process for everybody": [
    `${head}export const x = wezterm.run_child_process(["x"]);`,
    "does not exist",
  ],
  "emit for everybody": [`${head}export const x = wezterm.emit("x");`, "does not exist"],
};

const allowed: Readonly<Record<string, string>> = {
  "a property or a type of such a name":
    "interface Map { readonly Date: string } export const f = (a: Map) => a.Date; export const b = { Set: 1 };",
  "perform_action in a coroutine": `${head}export const f = (w: Async<Window>, p: Pane) => w.perform_action(wezterm.action.EmitEvent("x"), p);`,
  "run_child_process in a coroutine": `${head}export const f = (h: AsyncHost) => h.run_child_process(["x"]);`,
};

/** One program of all files: each of its problems begins with the file's name. */
function problemsByFile(): Map<string, string> {
  const files = [...Object.entries(cases).map(([name, [code]]) => [name, code]), ...Object.entries(allowed)];
  for (const [index, [, code]] of files.entries())
    writeFileSync(join(scratch, `case-${index}.ts`), code ?? "");
  const own = JSON.parse(readFileSync(join(root, "src/wezterm/tsconfig.json"), "utf8"));
  own.compilerOptions.rootDir = root;
  own.compilerOptions.noUnusedLocals = false;
  own.include = ["*.ts", join(root, "src/wezterm/wezterm.d.ts")];
  own.tstl.luaBundleEntry = "./case-0.ts";
  writeFileSync(join(scratch, "tsconfig.json"), JSON.stringify(own));
  const { problems } = buildLua(join(scratch, "tsconfig.json"));
  return new Map(
    files.map(([name], index) => [
      name ?? "",
      problems.filter((problem) => problem.includes(`case-${index}.ts(`)).join("\n"),
    ]),
  );
}

describe("The Lua build", () => {
  const built = buildLua();

  test("has no problem and gives the committed file, byte for byte", () => {
    expect(built.problems).toEqual([]);
    expect(built.text).toBe(bundle);
  });

  test("stays within its size", () => {
    expect(Buffer.byteLength(bundle)).toBeLessThanOrEqual(maxBundleBytes);
  });

  test("carries no name of a file of the machine that built it", () => {
    expect(bundle).not.toMatch(/\/(home|Users|root|work)\//);
  });

  test("keeps every name that users call", () => {
    const source = readFileSync(join(root, "src/wezterm/ascalon.ts"), "utf8");
    const names = [...source.matchAll(/^export (?:const|function) (\w+)/gm)].map((match) => match[1]);
    expect(names.sort()).toEqual([...exportedNames]);
  });

  test("shortens no field that anybody outside knows", () => {
    const boundary = [
      "src/wezterm/wezterm.d.ts",
      "src/wezterm/options.ts",
      "src/shared/status.ts",
      "src/shared/plugin-contract.ts",
      "src/shared/palette.ts",
      "src/shared/path-mapping.ts",
    ];
    const known = new Set<string>();
    const collect = (node: ts.Node): void => {
      if ((ts.isPropertySignature(node) || ts.isMethodSignature(node)) && ts.isIdentifier(node.name)) {
        known.add(node.name.text);
      }
      ts.forEachChild(node, collect);
    };
    for (const path of boundary) {
      collect(ts.createSourceFile(path, readFileSync(join(root, path), "utf8"), ts.ScriptTarget.ESNext));
    }
    expect(internalFields.filter((name) => known.has(name))).toEqual([]);
  });
});

test("What is never false is asked for with fewer words, all else for nil", { timeout: 30_000 }, () => {
  const { visitors } = ascalonLuaPlugin({ version: "1", contract: "1", maxBytes: 1 });
  const code = `export function f(a: string | undefined, b: boolean | undefined, c: unknown, d: { e?: () => void }) {
    if (a !== undefined) return a === undefined ? 1 : 2;
    if (b !== undefined && d.e !== undefined) return c !== undefined && !(d.e === undefined) ? 3 : 4;
    return typeof c === "object" && c !== null ? 5 : [a !== undefined, d.e === undefined];
  }`;
  const { file } = transpileString(code, {
    strict: true,
    // Not those of a browser, of which there are ten times as many.
    lib: ["lib.es2022.d.ts"],
    types: [],
    luaPlugins: [{ plugin: { visitors: visitors ?? {} } }],
  });
  for (const part of [
    "if a then",
    "not a and 1",
    "b ~= nil and d.e then",
    "c ~= nil and not not d.e",
    "{a ~= nil, d.e == nil}",
    '"table" and c and 5',
  ])
    expect(file?.lua).toContain(part);
});

describe("The Lua build and its typings", () => {
  const problems = problemsByFile();

  test.each(Object.entries(cases))("refuse %s", (name, [, part]) => {
    expect(problems.get(name)).toContain(part);
  });

  test.each(Object.keys(allowed))("allow %s", (name) => {
    expect(problems.get(name)).toBe("");
  });
});
