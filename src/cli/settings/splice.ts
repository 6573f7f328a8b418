import { type Document, isMap, isScalar, type Node, type Pair, type YAMLMap } from "yaml";
import { commentsOf } from "./comments.ts";
import {
  commentedDefault,
  eol,
  headerEnd,
  indentAt,
  insertLine,
  lineEnd,
  lineStart,
  splice,
} from "./lines.ts";
import { yamlLine } from "./yaml-line.ts";

type Entry = Pair<Node, Node | null>;

/** The text with the key's value put in; a guess by layout that the caller verifies. */
export function spliceKey(
  text: string,
  document: Document,
  path: readonly [string, string?],
  value: unknown,
): string {
  const [section, key] = path;
  const root = document.contents;
  if (!isMap(root)) return appended(text, path, value);
  const home = find(root, section);
  if (key === undefined) return home ? withValue(text, home, value) : inserted(text, root, section, value);
  if (!home) return root.flow ? inserted(text, root, section, { [key]: value }) : appended(text, path, value);
  if (isMap(home.value) && home.value.items.length > 0) {
    const entry = find(home.value, key);
    return entry ? withValue(text, entry, value) : inserted(text, home.value, key, value);
  }
  if (isMap(home.value)) return withValue(text, home, { [key]: value });
  return underHeader(text, home, key, value);
}

/** The text without the key: its lines go, the comment lines among them stay. */
export function spliceWithout(text: string, document: Document, path: readonly [string, string?]): string {
  const [section, key] = path;
  const home = isMap(document.contents) ? find(document.contents, section) : undefined;
  const parent = key === undefined ? document.contents : home?.value;
  const entry = key === undefined ? home : isMap(parent) ? find(parent, key) : undefined;
  if (!isMap(parent) || !entry) return text;
  const [from, to] = rangeOf(entry, text);
  if (parent.flow) {
    const after = /^[ \t]*,[ \t]*/.exec(text.slice(to))?.[0];
    if (after !== undefined) return text.slice(0, from) + text.slice(to + after.length);
    return text.slice(0, from).replace(/,?[ \t]*$/, "") + text.slice(to);
  }
  const start = lineStart(text, from);
  const end = lineEnd(text, to);
  const kept = commentsOf(text)
    .filter(({ at }) => at >= start && at < end && text.slice(lineStart(text, at), at).trim() === "")
    .map(({ at }) => text.slice(lineStart(text, at), lineEnd(text, at)));
  const [before, after] = [text.slice(0, start), kept.join("") + text.slice(end)];
  // The gap before the last section goes with it.
  return key === undefined && after === "" ? before.replace(/(\n)(?:[ \t]*\r?\n)+$/, "$1") : before + after;
}

/** Whether the key is all that its section holds: no other key, and no comment but the one behind the key. */
export function isAllOf(
  text: string,
  document: Document,
  [section, key]: readonly [string, string?],
): boolean {
  const home = isMap(document.contents) ? find(document.contents, section) : undefined;
  if (key === undefined || !home || !isMap(home.value) || home.value.items.length !== 1) return false;
  const [entry] = home.value.items as Entry[];
  if (!entry) return false;
  const [from, to] = [home.key.range?.[0] ?? 0, rangeOf(entry, text)[1]];
  // Up to the first line that is not indented: a comment there is about what follows.
  const below = /^(?:[ \t]+\S.*|[ \t]*)$\n?/gm;
  let end = lineEnd(text, to);
  for (below.lastIndex = end; end < text.length; end = below.lastIndex) {
    const line = below.exec(text);
    if (line?.index !== end || line[0] === "") break;
  }
  const isBlock = !home.value.flow;
  const own = commentsOf(text).filter(({ at }) => at > from && at < end);
  return own.every(({ at }) => isBlock && at >= to && at < lineEnd(text, to));
}

function find(map: YAMLMap, name: string): Entry | undefined {
  // The last one counts where a key is written twice.
  return (map.items as Entry[]).findLast(({ key }) => isScalar(key) && String(key.value) === name);
}

/** From the key to the end of the value. A value that is not there ends behind the colon. */
function rangeOf({ key, value }: Entry, text: string): readonly [from: number, to: number] {
  const [from, keyEnd] = key.range ?? [0, 0];
  const [valueFrom, valueTo] = value?.range ?? [keyEnd, keyEnd];
  return [from, valueFrom === valueTo ? behindColon(text, keyEnd) : valueTo];
}

function behindColon(text: string, keyEnd: number): number {
  return keyEnd + (/^[ \t]*:/.exec(text.slice(keyEnd))?.[0].length ?? 0);
}

function withValue(text: string, entry: Entry, value: unknown): string {
  const keyEnd = behindColon(text, entry.key.range?.[1] ?? 0);
  const [from, to] = entry.value?.range ?? [keyEnd, keyEnd];
  if (from === to) return `${text.slice(0, keyEnd)} ${yamlLine(value)}${text.slice(keyEnd)}`;
  const gap = text.slice(keyEnd, from);
  const old = text.slice(from, to);
  if (!gap.includes("\n") && !old.includes("\n"))
    return text.slice(0, from) + yamlLine(value) + text.slice(to);
  // A value of several lines becomes one line. The comment behind the key, else the one behind the value's end, stays
  // behind it; all others in between get lines of their own.
  const end = lineEnd(text, to);
  const comments = commentsOf(text).filter(({ at }) => at >= keyEnd && at < end);
  const behind =
    comments.find(({ at }) => !text.slice(keyEnd, at).includes("\n")) ?? comments.find(({ at }) => at >= to);
  const others = comments.filter((comment) => comment !== behind);
  const head = ` ${yamlLine(value)}${behind ? ` ${behind.source}` : ""}`;
  const lines = others.map(({ at, source }) => `${indentAt(text, at)}${source}${eol(text)}`);
  return text.slice(0, keyEnd) + head + eol(text) + lines.join("") + text.slice(end);
}

/** A new key in a section that has others: below its commented default where there is one, else last. */
function inserted(text: string, map: YAMLMap, key: string, value: unknown): string {
  const line = `${key}: ${yamlLine(value)}`;
  const last = (map.items as Entry[]).at(-1);
  if (map.flow) {
    if (last) return splice(text, rangeOf(last, text)[1], `, ${line}`);
    return splice(text, (map.range?.[0] ?? 0) + 1, ` ${line} `);
  }
  const first = (map.items as Entry[])[0];
  if (!first || !last) return text;
  const firstAt = first.key.range?.[0] ?? 0;
  const indent = text.slice(lineStart(text, firstAt), firstAt);
  const region = [indent === "" ? 0 : headerEnd(text, firstAt), map.range?.[2] ?? text.length] as const;
  const at = commentedDefault(text, region, key) ?? lineEnd(text, rangeOf(last, text)[1]);
  return insertLine(text, at, indent + line);
}

/**
 * A key in a section of which only the header is written, or the header and comments. `vm: null # why` loses the null,
 * so that there is room below it.
 */
function underHeader(whole: string, home: Entry, key: string, value: unknown): string {
  const headerTo = behindColon(whole, home.key.range?.[1] ?? 0);
  const [from, to, nodeTo] = home.value?.range ?? [headerTo, headerTo, whole.length];
  const cut = from === to ? 0 : to - headerTo;
  const text = cut === 0 ? whole : whole.slice(0, headerTo) + whole.slice(to);
  const header = lineEnd(text, headerTo);
  const region = [header, nodeTo - cut] as const;
  return insertLine(text, commentedDefault(text, region, key) ?? header, `  ${key}: ${yamlLine(value)}`);
}

/** A new section, or a new key of the top level, below its commented default or at the end. */
function appended(text: string, [section, key]: readonly [string, string?], value: unknown): string {
  if (key === undefined) {
    const at = commentedDefault(text, [0, text.length], section) ?? text.length;
    return insertLine(text, at, `${section}: ${yamlLine(value)}`);
  }
  const gap = text.trim() === "" ? "" : eol(text);
  return insertLine(text, text.length, `${gap}${section}:${eol(text)}  ${key}: ${yamlLine(value)}`);
}
