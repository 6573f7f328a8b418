import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { parseSettings } from "../../../src/cli/settings/parse.ts";
import { anyWritten } from "../../support/settings-arbitraries.ts";

/**
 * Any character. fast-check's own ("binary") makes a table of all 1.1 million when it is first used, which then stands
 * in the way of every garbage collection.
 */
const anyLetter = fc.nat({ max: 0x10ffff - 0x800 }).map(
  (at) => String.fromCodePoint(at < 0xd800 ? at : at + 0x800),
  (text) => {
    if (typeof text !== "string" || [...text].length !== 1) throw new Error("not one character");
    const at = text.codePointAt(0) ?? 0;
    return at < 0xd800 ? at : at - 0x800;
  },
);

describe("parsing settings", () => {
  it.each([
    ["an empty file", ""],
    ["only comments", "# nothing\n\n  # yet\n"],
    ["only a document mark", "---\n"],
    ["empty braces", "{}"],
    ["a byte order mark", "\uFEFF"],
    ["sections without keys", "vm:\nuser:\n  # name: dev\n"],
    ["lists without entries", "mounts:\n  # - host: ~/a\nports:\n  ignore:\nbridge: { allow: ~ }\n"],
  ])("takes %s as: all defaults", (_, text) => {
    const { written, problems } = parseSettings(text);
    expect(problems).toEqual([]);
    expect(JSON.stringify(written)).not.toMatch(/\d|"host"/);
  });

  it("keeps the part that is right when another is wrong", () => {
    const { written, problems } = parseSettings(
      "vm: { cpus: six, disk: 9GiB }\nuser: { name: mia }\nmounts: [1]\n",
    );
    expect(problems).toHaveLength(2);
    expect(written).toEqual({ vm: { disk: "9GiB" }, user: { name: "mia" } });
  });

  it("reads what was written, in any style", () => {
    fc.assert(
      fc.property(anyWritten, fc.constantFrom("block", "flow"), (written, style) => {
        const text = stringify(written, { collectionStyle: style as "block" | "flow" });
        expect(parseSettings(text)).toMatchObject({ written, problems: [] });
      }),
    );
  });

  it("never throws, whatever the text", () => {
    const soup = fc
      .array(
        fc.constantFrom(
          ..."vm cpus mounts host : - , { } [ ] # & * ! | > ' \" % @ ` ~ ? <<".split(" "),
          "\n",
          "  ",
          "\t",
          "\r\n",
          "é",
          "6",
        ),
        {
          maxLength: 60,
        },
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: anyLetter, maxLength: 200 }), soup), (text) => {
        for (const { position } of parseSettings(text).problems) {
          expect(position.line).toBeGreaterThanOrEqual(1);
          expect(position.column).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 600 },
    );
  });

  it("survives brackets nested deeper than any stack", () => {
    expect(parseSettings("[".repeat(20_000)).problems.length).toBeGreaterThan(0);
  });

  it("survives aliases that would unfold to gigabytes", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
    for (let n = 1; n < 12; n++) lines.push(`a${n}: &a${n} [${`*a${n - 1}, `.repeat(9)}]`);
    expect(parseSettings(lines.join("\n")).problems.length).toBeGreaterThan(0);
  });
});
