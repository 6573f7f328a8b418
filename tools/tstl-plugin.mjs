import ts from "typescript";
import { createUnaryExpression, SyntaxKind as LuaKind } from "typescript-to-lua";
import { flattenLua } from "./lua-flatten.mjs";
import { minifyLua } from "./lua-minify.mjs";
import { exportedNames, internalFields, unreadFields } from "./lua-names.mjs";

/**
 * Guards of the Lua build. WezTerm's Lua has no `debug`, so whatever TypeScriptToLua builds on it fails at run
 * time only, inside somebody's terminal; generators and async run on coroutines of their own and swallow the
 * yields of WezTerm's async functions. Each of them is an error here instead.
 */
const names = new Map([
  ["JSON", "not in Lua: wezterm.json_parse and json_encode"],
  ["Date", "not in Lua: os.time()"],
  ["Map", "7 KB of library: use a record"],
  ["Set", "8 KB of library: use a record"],
  ["WeakMap", "use a record"],
  ["WeakSet", "use a record"],
  ["Promise", "runs on coroutines that WezTerm does not know"],
  ["Error", "its traceback needs the debug library: return a value, or error(text, 0)"],
  ["RegExp", "not in Lua: indexOf and substring"],
  ["Symbol", "costs library"],
  ["console", "not in WezTerm: wezterm.log_info"],
  ["debug", "not in WezTerm (wezterm#5323)"],
  ["process", "not in Lua"],
  ["setTimeout", "not in Lua: wezterm.time.call_after"],
  ["encodeURIComponent", "not in Lua"],
]);

const kinds = new Map([
  [ts.SyntaxKind.AwaitExpression, "await swallows the yields of WezTerm's async functions"],
  [ts.SyntaxKind.YieldExpression, "generators swallow the yields of WezTerm's async functions"],
  [ts.SyntaxKind.AsyncKeyword, "async functions swallow the yields of WezTerm's async functions"],
  [ts.SyntaxKind.RegularExpressionLiteral, "Lua has no regular expressions"],
  [ts.SyntaxKind.SpreadElement, "spreading costs library: push in a loop"],
  [ts.SyntaxKind.SpreadAssignment, "spreading costs library: name the fields"],
  [ts.SyntaxKind.ClassDeclaration, "classes cost library: use functions over records"],
  [ts.SyntaxKind.ThrowStatement, "an error must not leave the plugin: return a value"],
  [ts.SyntaxKind.DeleteExpression, "delete costs 5 KB of library: assign undefined"],
]);

/** @param {ts.Node} node @param {string} why @returns {ts.Diagnostic} */
function refusal(node, why) {
  const file = node.getSourceFile();
  const start = node.getStart(file);
  return {
    category: ts.DiagnosticCategory.Error,
    code: 900001,
    file,
    start,
    length: node.getEnd() - start,
    messageText: `Not in the WezTerm plugin: ${why}.`,
    source: "ascalon",
  };
}

/** Whether an identifier is the global of that name and not a property, a key or a declaration of ours. */
/** @param {ts.Identifier} node @param {ts.TypeChecker} checker */
function isGlobal(node, checker) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return false;
  const symbol = checker.getSymbolAtLocation(node);
  return !symbol?.declarations?.some((declaration) => !declaration.getSourceFile().isDeclarationFile);
}

/** Our own bodies of the library cannot do what these ask for (lua-library.mjs). */
/** @param {ts.Node} node */
function beyondLibrary(node) {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { text } = node.expression.name;
  const countsBack = node.arguments.some((word) => ts.isPrefixUnaryExpression(word));
  if (text === "slice" && countsBack) return "slice cannot count from the end here";
  if (text === "startsWith" && node.arguments.length > 1) return "startsWith looks at the beginning only";
  return undefined;
}

/** @param {ts.Node} node @param {ts.TypeChecker} checker @param {ts.Diagnostic[]} found */
function inspect(node, checker, found) {
  if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
  const why = kinds.get(node.kind) ?? beyondLibrary(node);
  if (why) found.push(refusal(node, why));
  if (ts.isFunctionLike(node) && "asteriskToken" in node && node.asteriskToken) {
    found.push(refusal(node, "generators swallow the yields of WezTerm's async functions"));
  }
  if (ts.isIdentifier(node)) {
    const whyName = names.get(node.text);
    if (whyName && isGlobal(node, checker)) found.push(refusal(node, `${node.text}: ${whyName}`));
  }
  ts.forEachChild(node, (child) => inspect(child, checker, found));
}

/** Whether a value is only asked whether it holds: what it is does not matter then. */
/** @param {ts.Expression} node @returns {boolean} */
function isCondition(node) {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return isCondition(parent);
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return parent.expression === node;
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken;
  return (
    ts.isBinaryExpression(parent) &&
    [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken].includes(parent.operatorToken.kind) &&
    isCondition(parent)
  );
}

const maybeFalse =
  ts.TypeFlags.BooleanLike | ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter;

/** Whether a value may be false, which for Lua is as little as nil. */
/** @param {ts.Type} type @returns {boolean} */
const mayBeFalse = (type) => (type.isUnion() ? type.types.some(mayBeFalse) : (type.flags & maybeFalse) !== 0);

/**
 * `x !== undefined` in a condition as `x`, and `x === undefined` as `not x`, with null too: shorter, and the same for what is never
 * false.
 * @type {import("typescript-to-lua").FunctionVisitor<ts.BinaryExpression>}
 */
function shortComparison(node, context) {
  const { left, right, operatorToken } = node;
  const isEqual = operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken;
  const isShort =
    (isEqual || operatorToken.kind === ts.SyntaxKind.ExclamationEqualsEqualsToken) &&
    (right.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(right) && right.text === "undefined")) &&
    (ts.isIdentifier(left) || ts.isPropertyAccessExpression(left)) &&
    isCondition(node) &&
    !mayBeFalse(context.checker.getTypeAtLocation(left));
  if (!isShort) return context.superTransformExpression(node);
  const value = context.transformExpression(left);
  return isEqual ? createUnaryExpression(value, LuaKind.NotOperator, node) : value;
}

/**
 * @param {{ version: string, contract: string, maxBytes: number }} options
 * @returns {import("typescript-to-lua").Plugin}
 */
export function ascalonLuaPlugin({ version, contract, maxBytes }) {
  return {
    visitors: { [ts.SyntaxKind.BinaryExpression]: shortComparison },
    beforeTransform(program) {
      const checker = program.getTypeChecker();
      /** @type {ts.Diagnostic[]} */
      const found = [];
      for (const file of program.getSourceFiles()) {
        if (!file.isDeclarationFile) inspect(file, checker, found);
      }
      return found;
    },
    beforeEmit(_program, _options, _emitHost, result) {
      for (const file of result) {
        const flat = flattenLua(file.code.replaceAll("@ascalon-version@", version), "src.wezterm.ascalon");
        file.code = banner(version, contract) + minifyLua(flat, exportedNames, internalFields, unreadFields);
        const bytes = Buffer.byteLength(file.code);
        if (bytes > maxBytes) return [tooLarge(file.outputPath, bytes, maxBytes)];
      }
      return undefined;
    },
  };
}

/** Read by `ascalon doctor` (src/cli/doctor/wezterm-plugin.ts) in the bundle that WezTerm cloned. */
/** @param {string} version @param {string} contract */
const banner = (version, contract) =>
  `-- ascalon ${version}, contract ${contract}: generated from src/wezterm and src/shared, do not edit.\n`;

/** @param {string} path @param {number} bytes @param {number} maxBytes @returns {ts.Diagnostic} */
const tooLarge = (path, bytes, maxBytes) => ({
  category: ts.DiagnosticCategory.Error,
  code: 900002,
  file: undefined,
  start: undefined,
  length: undefined,
  messageText: `${path} has ${bytes} bytes; the plugin may have ${maxBytes}.`,
  source: "ascalon",
});
