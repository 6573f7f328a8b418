/**
 * Where `return NAME` ends a Lua file, seen by its words: comments, texts and long brackets are skipped, so that a
 * `return` inside one is none, and blocks are counted, so that one inside a function is none.
 */
export interface ReturnAtEnd {
  /** Offset of the first byte of the line that begins with `return`. */
  readonly lineStart: number;
  readonly name: string;
}

const word =
  /--\[(=*)\[[\s\S]*?\]\1\]|--(?!\[=*\[)[^\n]*|\[(=*)\[[\s\S]*?\]\2\]|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|--\[=*\[|\[=*\[|[A-Za-z_]\w*|\d[\w.]*|\S/g;

/** A text or long comment that begins and never ends: what follows is not to be read. */
const unfinished = /^(--)?\[=*\[$|^["']$/;

const opens = new Set(["function", "do", "then", "repeat"]);
const closes = new Set(["end", "until", "elseif"]);

interface Word {
  readonly text: string;
  readonly at: number;
  readonly depth: number;
}

function wordsOf(text: string): Word[] | undefined {
  const words: Word[] = [];
  let depth = 0;
  for (const match of text.matchAll(word)) {
    const found = match[0];
    if (unfinished.test(found)) return undefined;
    if (found.startsWith("--")) continue;
    if (closes.has(found)) depth -= 1;
    words.push({ text: found, at: match.index, depth });
    // `else` ends one block and begins the next; `while` and `for` are counted at their `do`.
    if (opens.has(found)) depth += 1;
  }
  return words;
}

/** The words of a file, without its comments. */
export const withoutComments = (text: string): string =>
  (text.match(word) ?? []).filter((found) => !found.startsWith("--")).join(" ");

/** undefined: the file does not end in a plain `return NAME` of its main chunk, at the beginning of a line. */
export function returnAtEnd(text: string): ReturnAtEnd | undefined {
  const words = wordsOf(text);
  if (words === undefined) return undefined;
  if (words.at(-1)?.text === ";") words.pop();
  const name = words.pop();
  const keyword = words.pop();
  if (keyword?.text !== "return" || keyword.depth !== 0 || name === undefined) return undefined;
  if (!/^[A-Za-z_]\w*$/.test(name.text) || ["end", "nil", "true", "false"].includes(name.text))
    return undefined;
  const lineStart = text.lastIndexOf("\n", keyword.at) + 1;
  if (text.slice(lineStart, keyword.at).trim() !== "") return undefined;
  return { lineStart, name: name.text };
}
