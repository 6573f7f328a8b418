import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { projectFiles, root } from "./support/nix.ts";

const read = (file: string): string => readFileSync(`${root}${file}`, "utf8");

const rows = read("docs/why.md")
  .split("\n")
  .flatMap((line) => {
    const [, number, , , proof] = line.split("|").map((cell) => cell.trim());
    if (!/^\d+$/.test(number ?? "")) return [];
    const files = [...(proof ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
    return [{ number: Number(number), files }];
  });

/** Rows that a test file names, as `why #3, #4` in a title or as "#3" in a table of cases. */
const named = (file: string): readonly number[] =>
  [...read(file).matchAll(/#(\d+)/g)].map((match) => Number(match[1]));

describe("docs/why.md", () => {
  it("has twenty rows, in order", () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it.each(rows)("row $number names proofs that exist", ({ files }) => {
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(`${root}${file}`))).toEqual([]);
  });

  it.each(rows)("row $number is named by each test of this folder that it names", ({ number, files }) => {
    for (const file of files.filter((name) => name.startsWith("test/nix/")))
      expect(named(file), file).toContain(number);
  });

  it("leaves out no test of this folder that names a row", () => {
    for (const file of projectFiles("test/nix/**/*.test.ts").filter((name) => !name.endsWith("why.test.ts")))
      for (const number of new Set(named(file)))
        expect(rows.find((row) => row.number === number)?.files, `${file} names row ${number}`).toContain(
          file,
        );
  });
});
