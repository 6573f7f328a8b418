/**
 * Bodies of our own for what TypeScriptToLua's library does more carefully than the plugin needs: it never counts
 * from the end of a text, never from NaN, reads numbers of digits only, asks for a beginning only at the beginning, and goes through what it takes for
 * a list with ipairs, which finds nothing in a record.
 */
const bodies = new Map([
  ["__TS__Number", "(value) return tonumber(value) end"],
  ["__TS__ArrayIsArray", '(value) return type(value) == "table" end'],
  ["__TS__StringSlice", "(self, start, ____end) return string.sub(self, start + 1, ____end) end"],
  ["__TS__StringCharCodeAt", "(self, index) return string.byte(self, index + 1) end"],
  [
    "__TS__StringStartsWith",
    "(self, searchString) return string.sub(self, 1, #searchString) == searchString end",
  ],
]);

/**
 * The library's text with those bodies.
 * @param {readonly string[]} lines of the module lualib_bundle
 */
export function withOwnBodies(lines) {
  const text = lines.join("\n");
  return text.replace(/^local function (\w+)\([\s\S]*?\nend$/gm, (whole, name) => {
    const body = bodies.get(name);
    return body === undefined ? whole : `local function ${name}${body}`;
  });
}
