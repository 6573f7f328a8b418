import { type Document, isMap, isScalar, parseDocument } from "yaml";
import { lostComments } from "./comments.ts";
import { eol, indentAt, lineStart, splice } from "./lines.ts";
import { isAllOf, spliceKey, spliceWithout } from "./splice.ts";

export type EditPath = readonly [section: string, key?: string];

/**
 * The text with one key set, every other character as it was where that is possible. The value is any that YAML
 * can hold; whether the settings allow it is the caller's business. The text must be YAML.
 */
export function setKey(text: string, path: EditPath, value: unknown): string {
  const document = parse(text);
  const spliced = spliceKey(text, document, path, value);
  setIn(document, path, value);
  const edited = means(spliced, document) ? spliced : document.toString({ lineWidth: 0 });
  return withComments(edited, lostComments(text, edited), path, document);
}

/** What an unusual layout would lose goes into lines of its own above the key, or above all where that means something else. */
function withComments(text: string, lost: readonly string[], path: EditPath, expected: Document): string {
  if (lost.length === 0) return text;
  const key = keyAt(parse(text), path);
  const at = lineStart(text, key);
  const lines = lost.map((source) => `${indentAt(text, key)}${source}${eol(text)}`);
  const above = splice(text, at, lines.join(""));
  const isKept = means(above, expected) && lostComments(text, above).length === 0;
  return isKept ? above : splice(text, text.startsWith("\uFEFF") ? 1 : 0, lines.join(""));
}

/** Where the key of the path begins, or the nearest that is written. */
function keyAt(document: Document, path: EditPath): number {
  let at = 0;
  let node: unknown = document.contents;
  for (const name of path) {
    const pair = isMap(node)
      ? node.items.findLast(({ key }) => isScalar(key) && String(key.value) === name)
      : undefined;
    if (!pair || !isScalar(pair.key)) break;
    at = pair.key.range?.[0] ?? at;
    node = pair.value;
  }
  return at;
}

/**
 * The text without one key; the same text when it is not there. A comment behind it goes with it, and so does a section
 * that holds nothing else and no comment of its own.
 */
export function unsetKey(text: string, path: EditPath): string {
  const document = parse(text);
  if (!document.hasIn(path)) return text;
  const spliced = spliceWithout(text, document, isAllOf(text, document, path) ? [path[0]] : path);
  document.deleteIn(path);
  return means(spliced, document) ? spliced : document.toString({ lineWidth: 0 });
}

function parse(text: string): Document {
  return parseDocument(text, { uniqueKeys: false, logLevel: "error" });
}

function setIn(document: Document, path: EditPath, value: unknown): void {
  const [section] = path;
  // `vm:` with nothing below it, or with a mistake in its place, has no room for a key.
  if (!isMap(document.contents)) document.contents = document.createNode({}) as never;
  if (path.length === 2 && !isMap(document.get(section, true)))
    document.set(section, document.createNode({}));
  document.setIn(path, value);
}

/**
 * Cutting text is only trusted when it did what the parser's own edit did: unusual layouts (anchors, document
 * marks, odd indentation) go the safe way, which may move spaces.
 */
function means(text: string, expected: Document): boolean {
  const got = parse(text);
  return got.errors.length === 0 && canonical(got) === canonical(expected);
}

/** An empty section and none mean the same. */
function canonical(document: Document): string {
  const value = plain(document);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, child]) => [key, child ?? {}] as const);
  const written = entries.filter(([, child]) => JSON.stringify(child) !== "{}");
  return JSON.stringify(written.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function plain(document: Document): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    // An alias whose anchor is gone. Settings with aliases are refused, with their position, later.
    return String(error);
  }
}
