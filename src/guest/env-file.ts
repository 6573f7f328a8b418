/** `${NAME}`, `$NAME` and, as in op's own templates, `${NAME:-value}`. */
export function expandVariables(text: string, lookUp: (name: string) => string | undefined): string {
  return text.replace(
    /\$(?:\{([A-Za-z_]\w*)(?::-([^}]*))?\}|([A-Za-z_]\w*))/g,
    (_, braced: string | undefined, fallback: string | undefined, bare: string | undefined) =>
      lookUp(braced ?? bare ?? "") ?? fallback ?? "",
  );
}

/** `NAME=value` with optional `export`, quotes and a comment; the quoted value may span lines. */
const entry =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(?:'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|([^\n]*))[ \t]*(?:#[^\n]*)?$/gm;

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/**
 * Reads a dotenv file. Single quotes keep everything, double quotes know `\n` and variables, bare values end at ` #`.
 * `env` are the variables it may name; the file's own earlier lines come first.
 */
export function parseEnvFile(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const lookUp = (name: string): string | undefined => values.get(name) ?? env[name];
  // Editors of Windows begin a file with a mark and end its lines with two characters.
  const plain = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  for (const [, name = "", single, double, bare] of plain.matchAll(entry)) {
    if (single !== undefined) values.set(name, single);
    else if (double !== undefined) {
      const unquoted = double.replace(/\\([\s\S])/g, (_, char: string) => escapes[char] ?? char);
      values.set(name, expandVariables(unquoted, lookUp));
    } else values.set(name, expandVariables((bare ?? "").replace(/(^|\s+)#.*$/, "").trim(), lookUp));
  }
  return values;
}
