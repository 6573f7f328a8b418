/**
 * A line such as `code --wait` or `'/Applications/My Editor.app/edit' -w` as words: quotes and backslashes as a shell
 * has them, nothing else of it. A quote without its end is a character.
 */
export function editorWords(line: string): readonly string[] {
  const words: string[] = [];
  const word = /(?:'[^']*'|"(?:\\["\\]|[^"])*"|\\.|[^\s])+/g;
  for (const [text] of line.matchAll(word)) {
    words.push(
      text.replace(
        /'([^']*)'|"((?:\\["\\]|[^"])*)"|\\(.)/g,
        (_all, single?: string, double?: string, escaped?: string) =>
          single ?? double?.replace(/\\(["\\])/g, "$1") ?? escaped ?? "",
      ),
    );
  }
  return words;
}

/**
 * The same for a value that may hold a path with spaces in it which nobody quoted: the longest beginning that is a
 * program, and the words after it.
 */
export async function editorCommand(
  line: string,
  isProgram: (path: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const text = line.trim();
  if (text.startsWith("/")) {
    const ends = [text.length, ...[...text.matchAll(/\s+/g)].map(({ index }) => index).reverse()];
    for (const end of ends) {
      const path = text.slice(0, end);
      if (await isProgram(path)) return [path, ...editorWords(text.slice(end))];
    }
  }
  return editorWords(text);
}
