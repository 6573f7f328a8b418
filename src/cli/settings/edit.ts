import { type Document, isCollection, isMap, parseDocument } from "yaml";
import { spliceKey, spliceWithout } from "./splice.ts";

export type EditPath = readonly [section: string, key?: string];

/**
 * The text with one key set, every other character as it was where that is possible. The value is any that YAML
 * can hold; whether the settings allow it is the caller's business. The text must be YAML.
 */
export function setKey(text: string, path: EditPath, value: unknown): string {
  const document = parse(text);
  const spliced = spliceKey(text, document, path, value);
  setIn(document, path, value);
  return means(spliced, document) ? spliced : document.toString({ lineWidth: 0 });
}

/** The text without one key; the same text when it is not there. */
export function unsetKey(text: string, path: EditPath): string {
  const document = parse(text);
  if (!document.hasIn(path)) return text;
  const spliced = spliceWithout(text, document, path);
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
  if (path.length === 2 && !isCollection(document.get(section, true)))
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
