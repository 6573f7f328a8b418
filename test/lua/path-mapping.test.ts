import { readFileSync } from "node:fs";
import * as tstl from "typescript-to-lua";
import { expect, test } from "vitest";
import { LuaFactory } from "wasmoon";
import { mounts, toGuestRows, toHostRows } from "../support/path-mapping-cases.ts";

const read = (name: string): string =>
  readFileSync(new URL(`../../src/shared/${name}.ts`, import.meta.url), "utf8");

/** Byte for byte, whatever the bytes are. */
const luaString = (text: string): string =>
  `"${[...Buffer.from(text)].map((byte) => `\\${String(byte).padStart(3, "0")}`).join("")}"`;

test("Lua maps every path as Node does", { timeout: 60_000 }, async () => {
  const files = { "path-mapping.ts": read("path-mapping"), "pieces.ts": read("pieces") };
  const { transpiledFiles, diagnostics } = tstl.transpileVirtualProject(files, {
    // Not those of a browser, of which there are ten times as many.
    lib: ["lib.es2022.d.ts"],
    types: [],
    allowImportingTsExtensions: true,
    noEmit: false,
    rewriteRelativeImportExtensions: true,
    luaTarget: tstl.LuaTarget.Lua54,
    luaLibImport: tstl.LuaLibImportKind.RequireMinimal,
    luaBundle: "all.lua",
    luaBundleEntry: "path-mapping.ts",
    noImplicitSelf: true,
    noHeader: true,
  });
  expect(diagnostics).toEqual([]);
  const list = mounts
    .map(({ host, guest }) => `{host=${luaString(host)},guest=${luaString(guest)}}`)
    .join(",");
  const lua = await new LuaFactory().createEngine();
  try {
    await lua.doString(
      `debug = nil; M = (function(...) ${transpiledFiles[0]?.lua} end)(); mounts = {${list}}`,
    );
    const ask = async (name: string, path: string) =>
      (await lua.doString(`return M.${name}(${luaString(path)}, mounts)`)) ?? undefined;
    for (const [path, mapped] of toGuestRows) expect(await ask("toGuestPath", path), path).toBe(mapped);
    for (const [path, mapped] of toHostRows) expect(await ask("toHostPath", path), path).toBe(mapped);
  } finally {
    lua.global.close();
  }
});
