import type { YAMLError } from "yaml";

const texts: Partial<Record<YAMLError["code"], string>> = {
  TAB_AS_INDENT: "YAML is indented with spaces, this line has a tab",
  MULTIPLE_DOCS: "a second document begins here; a settings file is one document",
  NON_STRING_KEY: "a key must be a name",
  MULTILINE_IMPLICIT_KEY: "a key and its colon must be on one line; is a `:` missing?",
  BLOCK_AS_IMPLICIT_KEY:
    "two keys on one line; put the second one on a line of its own, or quote a value that has a colon",
  TAG_RESOLVE_FAILED: "tags (`!`) are not supported here",
  BAD_DIRECTIVE: "directives (`%`) are not supported here",
};

/** What the YAML parser stumbled over, in words that do not need the YAML specification. */
export function syntaxMessage(error: Pick<YAMLError, "code" | "message">): string {
  const { code, message } = error;
  if (code === "MISSING_CHAR" && message.startsWith("Implicit map keys")) {
    return "a `:` and a value are missing after this key";
  }
  if (code === "BAD_INDENT" && message.startsWith("All mapping items")) {
    return "this line's indentation fits no line above; the keys of one section start in the same column";
  }
  if (code === "BAD_INDENT" && message.startsWith("Flow")) {
    return `a bracket opened above is not closed before this line: ${message.endsWith("]") ? "`]`" : "`}`"} is missing`;
  }
  if (code === "MISSING_CHAR" && message.includes("quote"))
    return "a quote opened above is not closed before here";
  const stray = /^Unexpected \S+ token in YAML stream: "(.*)"$/.exec(message)?.[1];
  if (stray !== undefined) return `\`${stray}\` closes nothing, or is not expected here`;
  if (code === "BAD_SCALAR_START") return `${lowerFirst(message)}; put the value in quotes`;
  return texts[code] ?? lowerFirst(message.split("\n", 1)[0] ?? message);
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
