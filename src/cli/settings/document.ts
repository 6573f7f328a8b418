import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from "yaml";
import { type KeyPath, keyText, type PlacedProblem, type Position } from "./problem.ts";
import { syntaxMessage } from "./syntax-message.ts";

/** A YAML text as plain values, with the way back from a key to its place in the text. */
export interface SettingsDocument {
  /** Sections, lists and scalars. A null stays a null. */
  readonly value: unknown;
  /** Broken YAML: then `value` means nothing. */
  readonly problems: readonly PlacedProblem[];
  /** Keys written twice; the last one counts in `value`. */
  readonly repeated: readonly PlacedProblem[];
  /** The place of a key or its value; of the nearest parent when it is not written. */
  locate(path: KeyPath, part: "key" | "value"): Position;
}

interface Place {
  readonly key: Position;
  readonly value: Position;
}

const start: Position = { line: 1, column: 1 };

/** Never throws: any text gives a value or problems. */
export function parseSettingsDocument(text: string): SettingsDocument {
  const lines = new LineCounter();
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const places = new Map<string, Place>();
  const repeated: PlacedProblem[] = [];
  const problems: PlacedProblem[] = [];

  const readNode = (node: Node | null, path: KeyPath): unknown => {
    if (node === null) return null;
    if (isScalar(node)) return node.value;
    if (isSeq(node)) return node.items.map((item, index) => readEntry(item as Node, [...path, index]));
    if (isMap(node)) return readSection(node.items as Pair<Node, Node | null>[], path);
    const position = positionAt(node.range?.[0] ?? 0);
    problems.push({ path, position, message: "aliases (`*`) are not supported here: write the value out" });
    return null;
  };
  const readEntry = (node: Node, path: KeyPath): unknown => {
    const position = positionAt(node.range?.[0] ?? 0);
    places.set(keyText(path), { key: position, value: position });
    return readNode(node, path);
  };
  const readSection = (pairs: readonly Pair<Node, Node | null>[], path: KeyPath): unknown => {
    const section = new Map<string, unknown>();
    for (const { key, value } of pairs) {
      if (isAlias(key)) {
        readNode(key, path);
        continue;
      }
      const name = String(isScalar(key) ? key.value : key);
      const keyAt = positionAt(key.range?.[0] ?? 0);
      const below = [...path, name];
      const first = places.get(keyText(below));
      if (section.has(name)) {
        const message = `is written twice, first in line ${first?.key.line ?? 1}`;
        repeated.push({ path: below, position: keyAt, message, atKey: true });
      }
      // `cpus:` without a value has an empty node somewhere behind it: point at the key.
      const [from, to] = value?.range ?? [0, 0];
      places.set(keyText(below), { key: keyAt, value: from === to ? keyAt : positionAt(from) });
      section.set(name, readNode(value, below));
    }
    // Not by assignment: a key named __proto__ must be an unknown key like any other.
    return Object.fromEntries(section);
  };

  const locate = (path: KeyPath, part: "key" | "value"): Position => {
    for (let length = path.length; length > 0; length--) {
      const place = places.get(keyText(path.slice(0, length)));
      if (place) return length === path.length ? place[part] : place.key;
    }
    return start;
  };

  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      uniqueKeys: false,
      prettyErrors: false,
      stringKeys: true,
      // "silent" would also hide a second document.
      logLevel: "error",
    });
    for (const error of [...document.errors, ...document.warnings]) {
      problems.push({ path: [], position: positionAt(error.pos[0]), message: syntaxMessage(error) });
    }
    const value = problems.length > 0 ? undefined : readNode(document.contents as Node | null, []);
    return { value, problems: firstOfEachLine(problems), repeated, locate };
  } catch (error) {
    // The parser recurses: a few thousand open brackets exhaust its stack.
    const message = `cannot be read as YAML: ${error instanceof Error ? error.message : String(error)}`;
    return { value: undefined, problems: [{ path: [], position: start, message }], repeated, locate };
  }
}

/** One slip makes the parser stumble several times; what follows in the same line is noise. */
function firstOfEachLine(problems: readonly PlacedProblem[]): readonly PlacedProblem[] {
  const seen = new Set<number>();
  return problems.filter(({ position }) => !seen.has(position.line) && seen.add(position.line));
}
