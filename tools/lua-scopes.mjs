/**
 * Lua's rules of scope over a list of tokens: which names are one variable. With them a short name serves as many
 * variables as never meet, so that nearly every variable gets a single letter. Knows what TypeScriptToLua prints
 * and raises at what it does not know.
 */

/** @typedef {import("./lua-minify.mjs").Token} Token */
/** @typedef {{ parent: Scope | undefined, names: Map<string, Variable>, used: Set<Variable> }} Scope */
/** @typedef {{ scope: Scope, places: number[], short: string | undefined }} Variable */

/** Keywords that are a whole operand, or end one: what follows is not a part of the expression that they began. */
const operandWords = new Set(["nil", "true", "false", "end"]);

/**
 * The variables of a chunk, each with its places. A name that is declared nowhere is a global and left out, except
 * those of `given`, which the chunk is to declare at its beginning.
 * @param {readonly Token[]} tokens with their roles
 * @param {ReadonlySet<string>} keywords
 * @param {readonly string[]} given
 */
export function variablesOf(tokens, keywords, given) {
  /** @param {Scope | undefined} parent @returns {Scope} */
  const scopeIn = (parent) => ({ parent, names: new Map(), used: new Set() });
  const chunk = scopeIn(undefined);
  let scope = chunk;
  let place = 0;
  let brackets = 0;
  /** @type {Variable[]} */
  const variables = [];
  /** A loop has its head, with names that its body alone sees, before its `do`. */
  /** @type {{ outer: Scope, head: number[] | undefined }[]} */
  const blocks = [];
  /** Locals whose values are being read: visible from the next statement on. */
  /** @type {{ depth: number, places: number[] }[]} */
  const waiting = [];

  const textAt = (/** @type {number} */ at) => tokens[at]?.text ?? "";
  const depth = () => blocks.length * 1000 + brackets;

  /** @param {string} name @param {number[]} places */
  const declare = (name, places) => {
    const variable = { scope, places, short: undefined };
    scope.names.set(name, variable);
    variables.push(variable);
  };
  const declareAt = (/** @type {number} */ at) => declare(textAt(at), [at]);

  /** @param {number} at */
  const use = (at) => {
    /** @type {Scope | undefined} */
    let owner = scope;
    while (owner && !owner.names.has(textAt(at))) owner = owner.parent;
    const variable = owner?.names.get(textAt(at));
    if (!variable) return;
    variable.places.push(at);
    for (let one = scope; one !== variable.scope; one = one.parent ?? variable.scope) one.used.add(variable);
  };

  const enter = () => {
    blocks.push({ outer: scope, head: undefined });
    scope = scopeIn(scope);
  };
  const leave = () => {
    const block = blocks.pop();
    if (!block) throw new Error("a block ends that never began");
    scope = block.outer;
  };

  /** The places of the names in `a, b, c`, the first of which is the next token. */
  const takeNames = () => {
    const places = [++place];
    for (; textAt(place + 1) === ","; place += 2) places.push(place + 2);
    return places;
  };

  /** Whether the token at `place` begins a statement: the one before ends an operand and this cannot follow one. */
  const beginsStatement = () => {
    const before = tokens[place - 1];
    if (!before || ["and", "or"].includes(textAt(place))) return false;
    if (before.kind === "name") return !keywords.has(before.text) || operandWords.has(before.text);
    return before.kind === "text" || /^[\d)\]}]|^\.\.\.$/.test(before.text);
  };
  const settle = () => {
    for (
      let last = waiting.at(-1);
      last && last.depth === depth() && beginsStatement();
      last = waiting.at(-1)
    ) {
      waiting.pop();
      last.places.forEach(declareAt);
    }
  };

  /** @type {Readonly<Record<string, () => void>>} */
  const atKeyword = {
    local: () => {
      if (textAt(place + 1) === "function") return;
      const places = takeNames();
      if (textAt(place + 1) === "=") waiting.push({ depth: depth(), places });
      else places.forEach(declareAt);
    },
    function: () => {
      const isLocal = textAt(place - 1) === "local";
      if (textAt(++place) !== "(") isLocal ? declareAt(place) : use(place);
      while (textAt(place) !== "(")
        if (textAt(place++) === ":") throw new Error("a method has a silent self");
      enter();
      for (; textAt(place) !== ")"; place++) if (tokens[place]?.role === "variable") declareAt(place);
    },
    for: () => blocks.push({ outer: scope, head: takeNames() }),
    while: () => blocks.push({ outer: scope, head: [] }),
    do: () => {
      const loop = blocks.at(-1);
      if (!loop?.head) return enter();
      scope = scopeIn(scope);
      loop.head.forEach(declareAt);
      loop.head = undefined;
    },
    // biome-ignore lint/suspicious/noThenProperty: Lua's keyword, and no promise looks at it
    then: enter,
    else: () => {
      leave();
      enter();
    },
    elseif: leave,
    end: leave,
    repeat: () => {
      throw new Error("repeat sees its body's locals in its condition: not known here");
    },
  };

  for (const name of given) declare(name, []);
  for (; place < tokens.length; place++) {
    const { kind, text, role } = tokens[place] ?? { kind: "other", text: "" };
    if (kind === "name") settle();
    if (kind === "other" && "([{".includes(text)) brackets++;
    else if (kind === "other" && ")]}".includes(text)) brackets--;
    else if (role === "variable" && !["goto", "::"].includes(textAt(place - 1))) use(place);
    else if (kind === "name" && role === undefined) atKeyword[text]?.();
  }
  if (blocks.length > 0) throw new Error("a block does not end");
  for (const { places } of waiting) places.forEach(declareAt);
  return variables;
}

/** @param {Scope} outer @param {Scope} inner */
function holds(outer, inner) {
  /** @type {Scope | undefined} */
  let scope = inner;
  while (scope && scope !== outer) scope = scope.parent;
  return scope === outer;
}

/** Whether two variables need two names: side by side, or the outer one is used where the inner would hide it. */
/** @param {Variable} one @param {Variable} other */
function meet(one, other) {
  if (one.scope === other.scope) return true;
  if (holds(one.scope, other.scope)) return other.scope.used.has(one);
  return holds(other.scope, one.scope) && one.scope.used.has(other);
}

/**
 * Gives each variable the first name that is free where it stands, the most used ones first.
 * @param {readonly Variable[]} variables
 * @param {(index: number) => string} nameAt
 */
export function nameVariables(variables, nameAt) {
  /** @type {Map<string, Variable[]>} */
  const bearers = new Map();
  const ordered = variables
    .map((variable, index) => ({ variable, index }))
    .sort((a, b) => b.variable.places.length - a.variable.places.length || a.index - b.index);
  for (const { variable } of ordered) {
    let index = 0;
    while (bearers.get(nameAt(index))?.some((other) => meet(variable, other))) index++;
    variable.short = nameAt(index);
    bearers.set(variable.short, [...(bearers.get(variable.short) ?? []), variable]);
  }
}
