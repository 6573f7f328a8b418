import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { commandTable } from "../../../src/cli/commands/table.ts";
import { parseCommandLine } from "../../../src/cli/parser.ts";

/** What a document tells to type is a command that there is, with options that it has; so are the settings it names. */
const root = fileURLToPath(new URL("../../../", import.meta.url));
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(`${root}docs`).map((name) => `docs/${name}`),
].filter((name) => name.endsWith(".md"));

/** Each command line of ascalon in the code of a document. */
function commandsIn(text: string): string[] {
  const blocks = [...text.matchAll(/^```.*\n([\s\S]*?)^```/gm)].flatMap((block) =>
    (block[1] ?? "").split("\n"),
  );
  const prose = text.replace(/^```.*\n[\s\S]*?^```/gm, "");
  const spans = [...prose.matchAll(/(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)/g)].map((span) => span[2] ?? "");
  return [...blocks, ...spans]
    .flatMap((line) => line.replace(/^\$ /, "").split(/ && |; | \\?\| /))
    .map((line) =>
      line
        .replace(/\s+# .*$/, "")
        .replace(/ +>.*$/, "")
        .trim(),
    )
    .filter((line) => /^ascalon [a-z-]/.test(line));
}

/** As a shell would hand it on; what may be left out is there, and what stands for a word is one. */
const wordsOf = (line: string): string[] =>
  [
    ...line
      .replace(/\[(options|[a-z.]+)\]/g, "")
      .replace(/[[\]]/g, "")
      .matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g),
  ]
    .map((word) => word[1] ?? word[2] ?? word[3] ?? "")
    .map((word) => (word === "COMMAND" ? "up" : word))
    .slice(1);

describe.each(documents)("%s", (name) => {
  const text = readFileSync(`${root}${name}`, "utf8");

  it("names commands that there are", () => {
    const wrong = commandsIn(text).flatMap((line) => {
      const parsed = parseCommandLine(wordsOf(line), commandTable);
      // A command may be named without what it wants.
      const isWrong = parsed.kind === "usage" && !parsed.what.startsWith("missing required argument");
      return isWrong ? [`${line}: ${parsed.what}`] : [];
    });
    expect(wrong).toEqual([]);
  });

  it("has no comment behind a command: the zsh of a terminal passes its words to the command, or runs them", () => {
    const blocks = [...text.matchAll(/^```(sh|)\n([\s\S]*?)^```/gm)];
    const wrong = blocks.flatMap(([, language, code = ""]) => {
      const lines = code.split("\n").filter((line) => language === "sh" || /^(\$|npm|node) /.test(line));
      return lines.filter((line) => /(^|\s)#\s/.test(line));
    });
    expect(wrong).toEqual([]);
  });

  it("names settings that there are", () => {
    const keys = readFileSync(`${root}docs/settings.md`, "utf8").matchAll(/^\| `([a-z.-]+)` \|/gm);
    const known = new Set([...keys].map((key) => key[1]));
    const named = text.matchAll(
      /`((?:vm|user|system|rebuild|ports|sockets|bridge|agent)\.[a-z-]+)(?:: [^`]*)?`/g,
    );
    const files = /\.(log|sock|ts|md|json|nix|sh)$/;
    expect([...named].flatMap(([, key = ""]) => (known.has(key) || files.test(key) ? [] : [key]))).toEqual(
      [],
    );
  });
});

it("there are commands in the documents", () => {
  const count = documents.flatMap((name) => commandsIn(readFileSync(`${root}${name}`, "utf8"))).length;
  expect(count).toBeGreaterThan(150);
});
