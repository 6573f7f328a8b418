/**
 * Bodies of our own for what TypeScriptToLua's library does more carefully than the plugin needs: it never counts
 * from the end of a text, never from NaN, and asks for a beginning only at the beginning.
 */
const bodies = new Map([
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
