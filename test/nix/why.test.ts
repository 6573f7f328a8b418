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

interface Proof {
  readonly number: number;
  readonly file: string;
  readonly title: string;
}

/** Tests name their rows: `why #3, #4: …` in a title, or "#3" and what it is in a table of cases titled `why %s: %s`. */
function proofsIn(file: string): readonly Proof[] {
  const text = read(file);
  const titles = [...text.matchAll(/["`]why ((?:#\d+(?:, )?)+): (.*?)["`],/g)];
  const cases = text.includes('"why %s: %s"') ? [...text.matchAll(/"(#\d+)",\s*"([^"]+)",/g)] : [];
  return [...titles, ...cases].flatMap(([, numbers = "", title = ""]) =>
    [...numbers.matchAll(/\d+/g)].map(([number]) => ({ number: Number(number), file, title })),
  );
}

const proofs = projectFiles("test/*.ts")
  .filter((file) => !file.endsWith("/why.test.ts"))
  .flatMap(proofsIn)
  .sort((a, b) => a.number - b.number || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));

describe("docs/why.md", () => {
  it("has twenty rows, in order", () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it.each(rows)(
    "row $number names proofs that exist, and one at least that a test is",
    ({ number, files }) => {
      expect(files.filter((file) => !existsSync(`${root}${file}`))).toEqual([]);
      expect(proofs.some((proof) => proof.number === number)).toBe(true);
    },
  );

  it.each(rows)("row $number is named by each test that it names", ({ number, files }) => {
    for (const file of files.filter((name) => name.startsWith("test/")))
      expect(
        proofs.filter((proof) => proof.file === file).map((proof) => proof.number),
        file,
      ).toContain(number);
  });

  it("leaves out no test that names a row", () => {
    const left = proofs.filter(
      ({ number, file }) => !rows.find((row) => row.number === number)?.files.includes(file),
    );
    expect(left).toEqual([]);
  });

  it.each(rows)("row $number names what the workflow runs", ({ files }) => {
    const run = read(".github/workflows/nix.yml") + read("flake.nix");
    for (const file of files.filter((name) => name.startsWith("nix/tests/"))) expect(run).toContain(file);
  });

  it("misses none of the tests that proved it before", async () => {
    const list = proofs.map(({ number, file, title }) => `#${number} ${file}: ${title}\n`).join("");
    await expect(list).toMatchFileSnapshot("../golden/why.txt");
  });
});
