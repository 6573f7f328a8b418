/** Behind the line `# key: …` in the region. */
export function commentedDefault(
  text: string,
  [from, to]: readonly [number, number],
  key: string,
): number | undefined {
  const found = new RegExp(`^[ \\t]*#[ \\t]?${key}:.*$`, "m").exec(text.slice(from, to));
  return found ? lineEnd(text, from + found.index + found[0].length) : undefined;
}

export function insertLine(text: string, at: number, line: string): string {
  const isMidLine = at > 0 && text[at - 1] !== "\n";
  return splice(text, at, `${isMidLine ? eol(text) : ""}${line}${eol(text)}`);
}

export function splice(text: string, at: number, insertion: string): string {
  return text.slice(0, at) + insertion + text.slice(at);
}

/** Where the comments that lead to the first key of a section begin: behind the section's header. */
export function headerEnd(text: string, firstAt: number): number {
  let at = lineStart(text, firstAt);
  while (at > 0) {
    const before = lineStart(text, at - 1);
    if (!/^[ \t]*(#|\r?\n)/.test(text.slice(before, at))) return at;
    at = before;
  }
  return 0;
}

export function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** What the line that holds the offset is indented by. */
export function indentAt(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, at), at))?.[0] ?? "";
}

/** Behind the line break of the line that holds the offset; the offset itself when it is at a line's start. */
export function lineEnd(text: string, at: number): number {
  if (at > 0 && text[at - 1] === "\n") return at;
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end + 1;
}

export function eol(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
