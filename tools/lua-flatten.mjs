import { withOwnBodies } from "./lua-library.mjs";
import { assignRoles, tokenize } from "./lua-minify.mjs";

/**
 * Turns TypeScriptToLua's bundle, a table of modules with a `require` of its own, into one chunk: a block per
 * module in the order in which they need each other, exports shared by all. Import lines, module wrappers
 * and the loader were a quarter of the bundle. Works on lines, because the printed form is regular; what it does
 * not recognise stays in the text, where the tests of the bundle would meet it.
 */
const shared = "____all_2Ets";
const mostLocals = 36;
const localOf = (/** @type {string} */ member) => `____one_${member}`;
const localPattern = /\b____one_(\w+)/g;

/** @typedef {{ name: string, lines: string[], needs: string[] }} Module */

/** @param {string} bundle @returns {Module[]} */
function modulesOf(bundle) {
  /** @type {Module[]} */
  const modules = [];
  /** @type {Module | undefined} */
  let current;
  for (const line of bundle.split("\n")) {
    const opening = /^\["([^"]+)"\] = function\(\.\.\.\) ?$/.exec(line);
    if (opening) current = { name: opening[1] ?? "", lines: [], needs: [] };
    else if (current && line === " end,") {
      modules.push(current);
      current = undefined;
    } else if (current) take(current, line);
  }
  return modules;
}

/** @param {Module} module @param {string} line */
function take(module, line) {
  const need = /^local \w+ = require\("([^"]+)"\)$/.exec(line)?.[1];
  if (need !== undefined) {
    if (need !== "wezterm" && need !== "lualib_bundle") module.needs.push(need);
    return;
  }
  if (line === "local ____exports = {}" || line === "return ____exports") return;
  if (line.startsWith("local __TS__") && line.includes("= ____lualib.")) return;
  module.lines.push(line);
}

/** @param {Module[]} modules @param {string} entry @returns {Module[]} */
function inOrder(modules, entry) {
  /** @type {Module[]} */
  const ordered = [];
  /** @param {string} name */
  const visit = (name) => {
    const module = modules.find((one) => one.name === name);
    if (!module || ordered.includes(module)) return;
    module.needs.forEach(visit);
    ordered.push(module);
  };
  visit(entry);
  return ordered;
}

const importLine = /^local (\w+) = ____\w+_2Ets\.(\w+)$/;

/** Imported names that are a variable of their own somewhere: those keep their import line. */
/** @param {Module[]} modules */
function ambiguousNames(modules) {
  /** @type {Set<string>} */
  const declared = new Set();
  for (const line of modules.flatMap((module) => module.lines)) {
    if (importLine.test(line)) continue;
    const lists = [
      /\blocal (?!function)([^=]*)/g,
      /\bfunction\b[^(]*\(([^)]*)\)/g,
      /\bfor ([^=]*?)(?: in |=)/g,
    ];
    for (const list of lists) {
      for (const match of line.matchAll(list))
        for (const name of match[1]?.match(/\w+/g) ?? []) declared.add(name);
    }
    for (const match of line.matchAll(/\blocal function (\w+)/g)) declared.add(match[1] ?? "");
  }
  return declared;
}

/** An import line that blockOf leaves out. */
/** @param {string} line @param {ReadonlySet<string>} ambiguous */
function isDropped(line, ambiguous) {
  const name = importLine.exec(line)?.[1];
  return name !== undefined && !ambiguous.has(name);
}

/**
 * Takes a module's whole numbers with a name out of its lines: written where they are used they are shorter. Those
 * whose name is anything else too stay.
 * @param {Module} module
 */
function takeNumbers(module) {
  /** @type {Map<string, string>} */
  const numbers = new Map();
  module.lines = module.lines.filter((line, at) => {
    const [, name = "", number = ""] = /^(?:local )?(\w+) = (\d+)$/.exec(line) ?? [];
    const others = module.lines.filter((_line, other) => other !== at && !/^local [\w, ]+$/.test(_line));
    const again = new RegExp(
      `\\b${name} =(?!=)|\\b(?:local|for) [^=]*\\b${name}\\b|function[^(]*\\([^)]*\\b${name}\\b`,
    );
    if (name === "" || others.some((other) => again.test(other))) return true;
    numbers.set(name, number);
    return false;
  });
  module.lines = module.lines.flatMap((line) => {
    const names = /^local ([\w, ]+)$/.exec(line)?.[1]?.split(", ");
    const kept = names?.filter((name) => !numbers.has(name));
    if (kept === undefined || line.startsWith("local function ")) return [line];
    return kept.length > 0 ? [`local ${kept.join(", ")}`] : [];
  });
  return numbers;
}

/** @param {Module} module @param {ReadonlySet<string>} ambiguous @param {boolean} isEntry */
function blockOf(module, ambiguous, isEntry) {
  const numbers = takeNumbers(module);
  /** @type {Map<string, string>} */
  const imported = new Map();
  const kept = module.lines.flatMap((line) => {
    const [, name, member] = importLine.exec(line) ?? [];
    if (name === undefined || member === undefined) return [line];
    if (ambiguous.has(name)) return [`local ${name} = ${localOf(member)}`];
    imported.set(name, member);
    return [];
  });
  const tokens = tokenize(kept.join("\n"));
  assignRoles(tokens);
  for (const [place, token] of tokens.entries()) {
    const member = token.role === "variable" ? imported.get(token.text) : undefined;
    const [name, dot] = [tokens[place + 2], tokens[place + 1]];
    const number = token.role === "variable" ? numbers.get(token.text) : undefined;
    if (member !== undefined) token.text = localOf(member);
    else if (number !== undefined) token.text = number;
    else if (!isEntry && token.text === "____exports" && name && dot) {
      token.text = localOf(name.text);
      name.text = dot.text = "";
    }
  }
  return tokens
    .filter((token) => token.text !== "")
    .map((token) => `${token.newline ? "\n" : " "}${token.text}`)
    .join("");
}

/** Drops exported functions and one-line constants that nothing uses; again, until none is left. */
/** @param {Module[]} modules @param {string} entry */
function dropUnused(modules, entry) {
  for (;;) {
    const uses = new Map();
    for (const { lines } of modules) {
      for (const line of lines) {
        for (const [, name] of line.matchAll(/____\w+\.(\w+)/g)) uses.set(name, (uses.get(name) ?? 0) + 1);
      }
    }
    let dropped = false;
    for (const module of modules.filter((one) => one.name !== entry)) {
      const at = module.lines.findIndex((line) => {
        const name = /^(?:function ____exports\.(\w+)\(|____exports\.(\w+) = \S.*$)/
          .exec(line)
          ?.slice(1)
          .find(Boolean);
        return (
          name !== undefined && uses.get(name) === 1 && (line.startsWith("function") || !line.endsWith("{"))
        );
      });
      if (at < 0) continue;
      const isFunction = module.lines[at]?.startsWith("function") && !module.lines[at]?.endsWith("end");
      const end = isFunction ? module.lines.indexOf("end", at) : at;
      module.lines.splice(at, end - at + 1);
      dropped = true;
    }
    if (!dropped) return;
  }
}

/** A name that two modules export is refused. */
/** @param {Module[]} modules */
function refuseTwice(modules) {
  /** @type {Map<string, string>} */
  const owners = new Map();
  for (const { name, lines } of modules) {
    const exported = new Set(
      lines.flatMap((line) => /^(?:function )?____exports\.(\w+)/.exec(line)?.[1] ?? []),
    );
    for (const member of exported) {
      const owner = owners.get(member);
      if (owner !== undefined) throw new Error(`${name} and ${owner} both export ${member}`);
      owners.set(member, name);
    }
  }
}

/**
 * An exported text that is used once stands where it is used.
 * @param {string} text
 */
function withTextsInPlace(text) {
  let result = text;
  for (const [line, member = "", value = ""] of text.matchAll(
    /\n____one_(\w+) = ("(?:\\.|[^"\\\n])*")(?=\n)/g,
  )) {
    const name = new RegExp(`\\b${localOf(member)}\\b`, "g");
    if (result.match(name)?.length === 2) result = result.replace(line, "").replace(name, () => value);
  }
  return result;
}

/**
 * Gives each export its place: the most used ones are locals of the chunk, the others fields of one table. Each
 * local more takes bytes from the bundle and time from its loading, which looks through all of them for each name.
 * @param {readonly string[]} blocks
 */
function withPlaces(blocks) {
  const text = withTextsInPlace(blocks.join("\n"));
  /** @type {Map<string, number>} */
  const uses = new Map();
  for (const [, member = ""] of text.matchAll(localPattern)) uses.set(member, (uses.get(member) ?? 0) + 1);
  const hot = [...uses].sort(([, one], [, other]) => other - one).slice(0, mostLocals);
  const locals = new Set(hot.map(([member]) => member));
  // From the last to the first is how Lua looks for a name.
  const names = [...locals].reverse().map(localOf);
  return [
    `local ${names.join(", ")}, ${shared}`,
    `${shared} = {}`,
    text.replace(localPattern, (name, member) => (locals.has(member) ? name : `${shared}.${member}`)),
  ].join("\n");
}

/**
 * @param {string} bundle
 * @param {string} entry name of the entry module, as the bundle spells it
 */
export function flattenLua(bundle, entry) {
  const all = modulesOf(bundle);
  const library = withOwnBodies(all.find((module) => module.name === "lualib_bundle")?.lines ?? []);
  const modules = inOrder(all, entry);
  dropUnused(modules, entry);
  refuseTwice(modules.filter((module) => module.name !== entry));
  const ambiguous = ambiguousNames(modules);
  const blocks = modules.map((module) => {
    const isEntry = module.name === entry;
    const body = blockOf(module, ambiguous, isEntry);
    if (isEntry) return `local ____exports = {}\n${body}\nreturn ____exports`;
    // Without a local of its own a module needs no block.
    const hasLocals = module.lines.some((line) => line.startsWith("local ") && !isDropped(line, ambiguous));
    return hasLocals ? `do\n${body}\nend` : body;
  });
  return [
    'local wezterm = require("wezterm")',
    library.replace(/\nreturn \{[^}]*\}\s*$/, ""),
    withPlaces(blocks),
  ].join("\n");
}
