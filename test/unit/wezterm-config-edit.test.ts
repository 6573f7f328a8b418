import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newConfig, pluginLines, withoutPlugin, withPlugin } from "../../src/cli/wezterm/config-edit.ts";
import { returnAtEnd } from "../../src/cli/wezterm/lua-tail.ts";

const bundle = "/home/mia/.local/state/ascalon/wezterm/ascalon.lua";

const usual = `local wezterm = require 'wezterm'
local config = wezterm.config_builder()

config.color_scheme = 'Batman' -- return nothing here
return config
`;

function installed(text: string): string {
  const edit = withPlugin(text, bundle);
  if (edit.kind !== "changed") throw new Error(edit.kind === "refused" ? edit.why : "unchanged");
  return edit.text;
}

describe("Where `return NAME` ends a Lua file", () => {
  test.each([
    ["plainly", "return config\n", "config"],
    ["without a final newline", "return config", "config"],
    ["with a semicolon", "return config;\n", "config"],
    ["indented", "  return config\n", "config"],
    ["before a comment", "return config -- done\n-- vim: ts=2\n", "config"],
    ["before a long comment", "return config --[[ return x ]]\n", "config"],
    ["under another name", "local M = {}\nreturn M\n", "M"],
    ["after a function with a return of its own", "local function f()\n  return 1\nend\nreturn c\n", "c"],
    ["after an if with else", "if a then b() elseif c then d() else e() end\nreturn c\n", "c"],
    ["after loops", "for i = 1, 2 do f() end\nwhile a do b() end\nrepeat f() until x\nreturn c\n", "c"],
    ["after texts that hold words", "local s = 'function do' .. \"if then\"\nreturn c\n", "c"],
    ["after a long text", "local s = [==[\nfunction return x\n]] ]==]\nreturn c\n", "c"],
    ["with Windows line ends", "local c = {}\r\nreturn c\r\n", "c"],
  ])("is found %s", (_how, text, name) => {
    expect(returnAtEnd(text)?.name).toBe(name);
  });

  test.each([
    ["a table", "return { color_scheme = 'Batman' }\n"],
    ["a call", "return require('config')\n"],
    ["a field", "return M.config\n"],
    ["two values", "return a, b\n"],
    ["nothing", "config.x = 1\n"],
    ["an empty file", ""],
    ["a return in a comment alone", "local c = {}\n-- return c\n"],
    ["a return in a long comment alone", "local c = {}\n--[[\nreturn c\n]]\n"],
    ["a return in a text alone", "local c = [[\nreturn c\n"],
    ["a return inside a block", "do\n  return config\nend\n"],
    ["a return inside a function", "function f()\n  return config\nend\n"],
    ["code before it on the line", "local c = {} return c\n"],
    ["return nil", "return nil\n"],
    ["a return that is not the last", "return config\nlocal x = 1\n"],
  ])("is not seen in %s", (_what, text) => {
    expect(returnAtEnd(text)).toBeUndefined();
    expect(withPlugin(text, bundle).kind).toBe("refused");
  });
});

describe("ascalon's lines in wezterm.lua", () => {
  test("stand before the last return, with the name that the file uses", () => {
    const lines = installed(usual.replaceAll("config\n", "cfg\n")).split("\n");
    const at = lines.findIndex((line) => line.startsWith("return "));
    expect(lines.slice(at - 3, at - 1)).toEqual(pluginLines(bundle, "cfg"));
  });

  test("are not added twice", () => {
    expect(withPlugin(installed(usual), bundle).kind).toBe("unchanged");
  });

  test("follow when the bundle lies elsewhere now", () => {
    const moved = withPlugin(installed(usual), "/elsewhere/ascalon.lua");
    expect(moved).toEqual({
      kind: "changed",
      text: installed(usual).replace(bundle, "/elsewhere/ascalon.lua"),
    });
  });

  test("keep the line ends of Windows", () => {
    const text = installed(usual.replaceAll("\n", "\r\n"));
    expect(text.replaceAll("\r\n", "")).not.toContain("\n");
  });

  test("write a path with a quote and a backslash as Lua writes it", () => {
    expect(pluginLines('/a"b\\c', "config")[0]).toContain('"/a\\"b\\\\c"');
    expect(pluginLines("/a", "config", '/a"b')[1]).toContain('{ plugin_json = "/a\\"b" }');
  });

  test.each([
    ["its end", (text: string) => text.replace("-- ascalon: end\n", "")],
    ["its beginning", (text: string) => text.replace(/-- ascalon: begin.*\n/, "")],
  ])("are left to the person when %s was cut off", (_what, damage) => {
    const text = damage(installed(usual));
    expect(withPlugin(text, bundle).kind).toBe("refused");
    expect(withoutPlugin(text).kind).toBe("refused");
  });

  test("are a whole file when there was none, and it goes as a whole", () => {
    expect(withoutPlugin(newConfig(bundle)).kind).toBe("ours");
    expect(withPlugin(newConfig(bundle), bundle).kind).toBe("unchanged");
  });

  test("leave a file alone that never had them", () => {
    expect(withoutPlugin(usual).kind).toBe("unchanged");
  });

  test("go again and leave every byte as it was", () => {
    const piece = fc.constantFrom(
      "local x = 1\n",
      "-- note\n",
      "\n",
      "--[[ x\n]]\n",
      "f('return c')\r\n",
      "do g() end\n",
    );
    fc.assert(
      fc.property(fc.array(piece), fc.constantFrom("\n", "", ";\n", " -- x\n\n", "\r\n"), (pieces, end) => {
        const text = `${pieces.join("")}return c${end}`;
        expect(withoutPlugin(installed(text))).toEqual({ kind: "changed", text });
      }),
    );
  });
});
