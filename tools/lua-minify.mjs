import { nameVariables, variablesOf } from "./lua-scopes.mjs";

/**
 * Makes the bundle small: comments, blanks, `return nil` and brackets that Lua does not need and fields of nil go, variables
 * and module fields get short names. Nothing else changes, so a line of the result is a line of the input. Every variable gets a name that is free where it stands
 * (lua-scopes.mjs). Fields of records keep their names unless they are listed, because WezTerm, JSON and the user's
 * options know them.
 */
const keywords = new Set(
  "and break do else elseif end false for function goto if in local nil not or repeat return then true until while".split(
    " ",
  ),
);

const globals = new Set(
  "_G _ENV _VERSION assert error getmetatable io ipairs load loadfile math next os package pairs pcall rawequal rawget rawset require select setmetatable string table tonumber tostring type utf8 unpack".split(
    " ",
  ),
);

/** Globals that are used so often that a local name for them is shorter; the chunk begins with one line for all. */
const aliased = [
  "pcall",
  "ipairs",
  "tostring",
  "type",
  "os.time",
  "table.concat",
  "math.floor",
  "string.sub",
];

/** @typedef {{ kind: "name" | "text" | "other", text: string, newline: boolean, role?: "variable" | "member" | "field" }} Token */

const pattern =
  /(?<blank>\s+|--\[\[[\s\S]*?\]\]|--[^\n]*)|(?<name>[A-Za-z_]\w*)|(?<number>0[xX][\da-fA-F]+|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?<text>"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*')|(?<operator>\.\.\.|\.\.|==|~=|<=|>=|\/\/|<<|>>|::|.)/gy;

/** @param {string} source @returns {Token[]} */
export function tokenize(source) {
  /** @type {Token[]} */
  const tokens = [];
  let newline = false;
  for (const match of source.matchAll(pattern)) {
    const { blank, name, text } = match.groups ?? {};
    if (blank !== undefined) {
      newline ||= blank.includes("\n");
      continue;
    }
    const kind = name !== undefined ? "name" : text !== undefined ? "text" : "other";
    tokens.push({ kind, text: match[0], newline });
    newline = false;
  }
  return tokens;
}

/** A local that holds a module's exports: what TypeScriptToLua names so, and nothing else. */
/** @param {string | undefined} name */
const isModule = (name) =>
  name === "____exports" || name === "____lualib" || (name?.startsWith("____") && name.endsWith("_2Ets"));

/**
 * Says of each name whether it is a variable, a member of a module or a field.
 * @param {Token[]} tokens
 */
export function assignRoles(tokens) {
  /** @type {string[]} */
  const open = [];
  tokens.forEach((token, index) => {
    if (["function", "if", "do", "repeat", "{", "(", "["].includes(token.text) && token.kind !== "text")
      open.push(token.text);
    if (["end", "until", "}", ")", "]"].includes(token.text) && token.kind !== "text") open.pop();
    if (token.kind !== "name" || keywords.has(token.text)) return;
    const before = tokens[index - 1]?.text ?? "";
    const isKey = open.at(-1) === "{" && ["{", ","].includes(before) && tokens[index + 1]?.text === "=";
    if (before === "." || before === ":") token.role = isModule(tokens[index - 2]?.text) ? "member" : "field";
    else token.role = isKey ? "field" : "variable";
  });
}

/**
 * `(a .. b) .. c` is `a .. b .. c`: the printer writes the brackets, joining does not need them.
 * @param {Token[]} tokens
 */
function withoutConcatBrackets(tokens) {
  /** @type {Set<number>} */
  const dropped = new Set();
  tokens.forEach((token, start) => {
    const before = tokens[start - 1];
    if (token.text !== "(" || (before?.kind === "name" && !keywords.has(before.text))) return;
    if (before !== undefined && /^[)\]}"']/.test(before.text)) return;
    const end = endOfConcat(tokens, start);
    if (end !== undefined && tokens[end + 1]?.text === "..") dropped.add(start).add(end);
  });
  return tokens.filter((_token, index) => !dropped.has(index));
}

/**
 * `f("a")` and `f({ … })` without their brackets, and a table that stands in brackets: Lua needs them for what follows.
 * @param {Token[]} tokens
 */
function withoutCallBrackets(tokens) {
  /** @type {Set<number>} */
  const dropped = new Set();
  tokens.forEach((token, start) => {
    const [before, first] = [tokens[start - 1], tokens[start + 1]];
    if (token.text !== "(" || before === undefined || first === undefined) return;
    const isCall = (before.kind === "name" && !keywords.has(before.text)) || /^[)\]]$/.test(before.text);
    const end = first.kind === "text" && isCall ? start + 2 : endOfTable(tokens, start + 1);
    if (end === undefined || tokens[end]?.text !== ")") return;
    if (!isCall && /^[.:[({"']/.test(tokens[end + 1]?.text ?? "")) return;
    dropped.add(start).add(end);
  });
  return tokens.filter((_token, index) => !dropped.has(index));
}

/** What follows the table that begins there. */
/** @param {Token[]} tokens @param {number} start */
function endOfTable(tokens, start) {
  let depth = 0;
  for (let index = start; index < tokens.length; index++) {
    const { text, kind } = tokens[index] ?? { text: "", kind: "other" };
    if (kind !== "other") continue;
    if (text === "{") depth++;
    if (text === "}") depth--;
    if (depth === 0) return text === "}" ? index + 1 : undefined;
  }
  return undefined;
}

/**
 * `return nil` at the end of a block without its nil, and at the end of a function without the whole: who takes the
 * result into a variable, a field or a function of Lua's own kind gets nil all the same.
 * @param {Token[]} tokens
 */
function withoutReturnedNil(tokens) {
  /** @type {string[]} */
  const open = [];
  /** @type {Set<number>} */
  const dropped = new Set();
  tokens.forEach(({ text, kind }, place) => {
    if (kind === "text") return;
    if (["function", "if", "do"].includes(text)) open.push(text);
    if (text !== "end") return;
    const block = open.pop();
    if (tokens[place - 1]?.text !== "nil" || tokens[place - 2]?.text !== "return") return;
    dropped.add(place - 1);
    if (block === "function") dropped.add(place - 2);
  });
  return tokens.filter((_token, place) => !dropped.has(place));
}

/**
 * A table without the fields that begin as nil.
 * @param {readonly Token[]} tokens with their roles
 */
function withoutNilFields(tokens) {
  /** @type {Set<number>} */
  const dropped = new Set();
  tokens.forEach((token, place) => {
    const [equals, value, after] = tokens.slice(place + 1, place + 4);
    const isKey = token.role === "field" && /^[{,]$/.test(tokens[place - 1]?.text ?? "");
    if (!isKey || equals?.text !== "=" || value?.text !== "nil" || !/^[,}]$/.test(after?.text ?? "")) return;
    dropped
      .add(place)
      .add(place + 1)
      .add(place + 2);
    // One comma goes along: before the last field its own is a separator that nothing follows.
    if (after?.text === ",") dropped.add(place + 3);
    else if (tokens[place - 1]?.text === ",") dropped.add(place - 1);
  });
  return tokens.filter((_token, place) => !dropped.has(place));
}

/**
 * A table without the fields that nothing reads; one that something reads is refused.
 * @param {readonly Token[]} tokens with their roles
 * @param {readonly string[]} unread
 */
function withoutUnreadFields(tokens, unread) {
  /** @type {Set<number>} */
  const dropped = new Set();
  tokens.forEach((token, place) => {
    const isKey = token.role === "field" && /^[{,]$/.test(tokens[place - 1]?.text ?? "");
    if (!isKey || !unread.includes(token.text)) return;
    const end = endOfField(tokens, place);
    for (let index = place; index < end; index++) dropped.add(index);
    // As with the fields of nil.
    if (tokens[end]?.text === ",") dropped.add(end);
    else if (tokens[place - 1]?.text === ",") dropped.add(place - 1);
  });
  const kept = tokens.filter((_token, place) => !dropped.has(place));
  const read = kept.find(({ role, text }) => role === "field" && unread.includes(text));
  if (read !== undefined) throw new Error(`${read.text} is read: it is no unread field`);
  return kept;
}

/** Place of the comma or bracket that ends the field which begins there. */
/** @param {readonly Token[]} tokens @param {number} start */
function endOfField(tokens, start) {
  let depth = 0;
  for (let index = start; index < tokens.length; index++) {
    const { text, kind } = tokens[index] ?? { text: "", kind: "other" };
    if (kind === "text") continue;
    if (depth === 0 && /^[,}]$/.test(text)) return index;
    if (["(", "[", "{", "function", "if", "do"].includes(text)) depth++;
    if ([")", "]", "}", "end"].includes(text)) depth--;
  }
  return tokens.length;
}

/**
 * `a and a or b` as `a or b`: what a comparison with nil leaves behind another.
 * @param {Token[]} tokens
 */
function withoutDoubledNames(tokens) {
  /** @type {Set<number>} */
  const dropped = new Set();
  tokens.forEach((token, place) => {
    const words = tokens.slice(place, place + 4).map(({ text }) => text);
    const isDoubled = words[1] === "and" && words[2] === words[0] && words[3] === "or";
    if (isDoubled && token.kind === "name" && tokens[place - 1]?.text === "and")
      dropped.add(place).add(place + 1);
  });
  return tokens.filter((_token, place) => !dropped.has(place));
}

/**
 * `os.time` as one name.
 * @param {Token[]} tokens
 */
function withAliasedFields(tokens) {
  /** @type {Token[]} */
  const joined = [];
  for (const token of tokens) {
    const [table, dot] = joined.slice(-2);
    const name = `${table?.text}.${token.text}`;
    if (table !== undefined && dot?.text === "." && aliased.includes(name)) {
      joined.splice(-2, 2, { ...table, text: name });
    } else joined.push(token);
  }
  return joined;
}

/** The closing bracket when only operands of `..` stand between, else undefined. */
/** @param {Token[]} tokens @param {number} start */
function endOfConcat(tokens, start) {
  let depth = 0;
  for (let index = start + 1; index < tokens.length; index++) {
    const { text, kind } = tokens[index] ?? { text: "", kind: "other" };
    if (kind !== "text" && ["(", "[", "{"].includes(text)) depth++;
    else if (kind !== "text" && [")", "]", "}"].includes(text)) {
      if (depth === 0) return index;
      depth--;
    } else if (depth === 0 && kind === "other" && !["..", ".", ":"].includes(text)) return undefined;
    else if (depth === 0 && keywords.has(text)) return undefined;
  }
  return undefined;
}

/**
 * Short names for the spellings, the commonest first; none is a keyword, a global or a spelling that stays.
 * @param {readonly string[]} spellings every occurrence
 * @param {ReadonlySet<string>} kept
 */
function shortNames(spellings, kept) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const spelling of spellings) counts.set(spelling, (counts.get(spelling) ?? 0) + 1);
  const ordered = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  /** @type {Map<string, string>} */
  const names = new Map();
  let next = 0;
  for (const [spelling] of ordered) {
    let name = letters(next++);
    while (kept.has(name) || keywords.has(name)) name = letters(next++);
    names.set(spelling, name);
  }
  return names;
}

/** Names for variables: one that is a keyword or hides a global is passed over. */
const taken = new Set([...keywords, ...globals]);
/** @type {string[]} */
const variableNames = [];
let tried = 0;
/** @param {number} index @returns {string} */
function variableName(index) {
  while (variableNames.length <= index) {
    const name = letters(tried++);
    if (!taken.has(name)) variableNames.push(name);
  }
  return variableNames[index] ?? "";
}

const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** a, b, …, Z, aa, ab, … */
/** @param {number} index @returns {string} */
function letters(index) {
  const last = alphabet[index % alphabet.length] ?? "";
  return index < alphabet.length ? last : letters(Math.floor(index / alphabet.length) - 1) + last;
}

/**
 * @param {string} source Lua as TypeScriptToLua bundles it
 * @param {readonly string[]} exported members that users of the bundle call by name
 * @param {readonly string[]} internal fields of records that never leave the bundle
 * @param {readonly string[]} unread fields of records that nothing in the bundle reads
 */
export function minifyLua(source, exported, internal, unread = []) {
  const all = withAliasedFields(
    withoutCallBrackets(withoutReturnedNil(withoutDoubledNames(withoutConcatBrackets(tokenize(source))))),
  );
  assignRoles(all);
  const tokens = withoutUnreadFields(withoutNilFields(all), unread);
  /** @param {string} role */
  const spelled = (role) => tokens.filter((token) => token.role === role).map((token) => token.text);
  const members = shortNames(
    spelled("member").filter((name) => !exported.includes(name)),
    new Set(exported),
  );
  const fieldNames = spelled("field");
  const fields = shortNames(
    fieldNames.filter((name) => internal.includes(name)),
    new Set(fieldNames),
  );
  const variables = variablesOf(tokens, keywords, aliased);
  nameVariables(variables, variableName);
  const renamed = new Map(variables.flatMap(({ places, short }) => places.map((place) => [place, short])));
  const aliases = variables.slice(0, aliased.length).map(({ short }) => short);
  let result = `local ${aliases.join(",")}=${aliased.join(",")}\n`;
  let last = "";
  for (const [place, token] of tokens.entries()) {
    let { text } = token;
    if (token.kind === "text") text = withFewEscapes(text);
    else if (token.role === "member") text = members.get(text) ?? text;
    else if (token.role === "variable") text = renamed.get(place) ?? text;
    else if (token.role === "field") text = fields.get(text) ?? text;
    if (needsBlank(last, text)) result += token.newline ? "\n" : " ";
    result += text;
    last = text;
  }
  return `${result}\n`;
}

/**
 * `'"'` for `"\""`.
 * @param {string} text
 */
function withFewEscapes(text) {
  if (text[0] !== '"' || text.includes("'") || !text.includes('\\"')) return text;
  const inner = text.slice(1, -1).replace(/\\([\s\S])/g, (both, one) => (one === '"' ? one : both));
  return `'${inner}'`;
}

/** Whether two tokens would be read as one, or as another pair, without a blank. */
/** @param {string} left @param {string} right */
function needsBlank(left, right) {
  if (/\w$/.test(left) && /^\w/.test(right)) return true;
  if (/\d$/.test(left) && right.startsWith(".")) return true;
  return (
    (left === "-" && right === "-") ||
    (left === "[" && right.startsWith("[")) ||
    (left === ".." && /^[.\d]/.test(right))
  );
}
