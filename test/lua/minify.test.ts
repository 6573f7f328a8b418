import { afterAll, beforeAll, expect, test } from "vitest";
import { LuaFactory } from "wasmoon";
import { minifyLua } from "../../tools/lua-minify.mjs";

const small = (source: string): string => minifyLua(source, [], []);

/** Programs whose names hide each other in every way that TypeScriptToLua prints; each gives a text. */
const programs: Readonly<Record<string, string>> = {
  "an inner local that hides an outer one": `
local outer = "a"
local function f(outer) local inner = outer .. "b" do local outer = inner .. "c" inner = outer end return inner .. outer end
return f("x") .. outer`,
  "a local that is made of the one it hides": `
local name = "a"
do local name = name .. "b" local name, other = name .. "c", name return name .. other end`,
  "a function that calls itself": `
local function count(n) if n == 0 then return "" end return n .. count(n - 1) end
return count(3)`,
  "a function in a local, which does not see itself": `
local f = function() return "outer" end
do local f = function() return f() .. "inner" end return f() end`,
  "a loop over what has the name of its variable": `
local item = { "a", "b" }
local all = ""
for index, item in ipairs(item) do all = all .. index .. item end
for i = 1, #item do all = all .. item[i] end
return all`,
  "branches with locals of their own": `
local function f(n)
  if n == 1 then local one = "one" return one elseif n == 2 then local two = "two" return two else local more = "more" return more end
end
return f(1) .. f(2) .. f(3)`,
  "closures over variables that never meet": `
local first, second
do local kept = "a" first = function() return kept end end
do local held = "b" second = function() return held end end
return first() .. second()`,
  "names of Lua's library as variables": `
local function f(type, pcall) return type .. pcall end
return f("a", "b") .. type(1) .. tostring(pcall(error)) .. table.concat({ "x", "y" }) .. math.floor(1.5)`,
  "fields and keys with the names of variables": `
local key = "b"
local record = { key = "a", [key] = "c" }
record.more = function(record) return record .. key end
return record.key .. record.b .. record.more("d")`,
  "a jump over the rest of a loop": `
local all = ""
for _, word in ipairs({ "a", "b" }) do do if word == "a" then goto next end all = all .. word end ::next:: end
return all`,
  "a loop with a condition": `
local left, all = 3, ""
while left > 0 do local now = left left = now - 1 all = all .. now end
return all .. left`,
  "calls with one text or one table": `
local function f(x) if type(x) == "table" then return function(y) return x[1] .. y end end return x end
local t = { g = function(self, x) return x[1] end }
local a, b = nil, ({ "in", "brackets" })[2]
local c = a or ({ "or" })
return f("a") .. f({ "b" })("c") .. t:g({ "d" }) .. ("e"):rep(2) .. f("f("):upper() .. b .. c[1] .. #({ 1, 2 }) .. f(("x") .. "y")`,
  "texts with quotes": `
return "\\"a\\" \\\\ b\\\\" .. "it's \\"c\\"" .. 'd"' .. "\\\\\\"\\n\\065\\""`,
  "tables with fields of nil": `
local function all(t) local n = 0 for _ in pairs(t) do n = n + 1 end return n end
local a, b = nil, { c = nil }
local d = { e = nil, f = nil, g = 1, h = nil, i = { j = nil, 2 }, k = nil }
local l = { m = nil, n = function(o) local p, q = o, nil return p end, r = nil or 3, s = nil }
return tostring(a) .. all(b) .. all(d) .. all(d.i) .. d.i[1] .. all(l) .. l.n("t") .. l.r`,
  "functions that return nil": `
local function f(x) if x == 1 then return nil elseif x == 2 then return "two" end while x == 3 do return nil end return nil end
local record = { one = f(1), f(2), f(3) }
local found, last = f(2), f(4)
return tostring(record.one) .. record[1] .. tostring(record[2]) .. found .. tostring(last)`,
  "a function of many results": `
local function f(...) local first, second = ... return second, first end
local a, b = f("x", "y")
return a .. b .. select("#", f())`,
};

let run: (source: string) => Promise<unknown>;
let close: () => void;
beforeAll(async () => {
  const lua = await new LuaFactory().createEngine();
  run = (source) => lua.doString(source);
  close = () => lua.global.close();
});
afterAll(() => close());

test.each(Object.entries(programs))("The short bundle means the same: %s", async (_name, source) => {
  const [long, short] = [await run(source), await run(small(source))];
  expect(typeof long).toBe("string");
  expect(short).toBe(long);
});

test.each([
  ['local t = { a = f(1, function(x) return x, "}" end), unread = 2, b = 3 } return t.b', "3"],
  ["local t = { unread = { a = 1, { 2 } }, b = 3 } return t.b", "3"],
  ['local t = { b = 3, unread = s("end }", 4)[1] } return t.b', "3"],
  ["return tostring(next({ unread = 1 }))", "nil"],
])("A field that nothing reads is not made: %s", async (source, value) => {
  const around = `local f, s = function(x) return x end, function() return { "text" } end\n`;
  const text = minifyLua(around + source, [], [], ["unread"]);
  expect(text).not.toContain("unread");
  expect(String(await run(text))).toBe(value);
});

test("A field that something reads cannot be called unread", () => {
  expect(() => minifyLua("local a = { unread = 1 } return a.unread", [], [], ["unread"])).toThrow("is read");
});

test.each([
  "local a = {} return tostring(type(a) == 'table' and a and a or 1)",
  "local a, b = 1, nil return tostring(a and b and b or 2)",
  "local a, b = nil, 1 return tostring(a and b and b or 2)",
])("A name that is asked twice is asked once: %s", async (source) => {
  const short = small(source);
  expect(short.match(/ and /g)?.length ?? 0).toBeLessThan(source.match(/ and /g)?.length ?? 0);
  expect(String(await run(short)).replace(/0x\w+/, "")).toBe(String(await run(source)).replace(/0x\w+/, ""));
});

test("Variables that never meet share their letters", () => {
  const functions = Array.from(
    { length: 100 },
    (_, i) => `shared.f${i} = function(first${i}, second${i}) return first${i} + second${i} end`,
  );
  const text = small(`local shared = {}\n${functions.join("\n")}\nreturn shared`);
  expect(text.match(/function\(([^)]*)\)/g)).toHaveLength(100);
  expect(new Set(text.match(/function\(([^)]*)\)/g)).size).toBe(1);
});

test.each([
  ["repeat local x = 1 until x == 1", "repeat"],
  ["function a:b() end", "silent self"],
  ["end", "never began"],
  ["do", "does not end"],
])("What it does not know stops the build: %s", (source, words) => {
  expect(() => small(source)).toThrow(words);
});
