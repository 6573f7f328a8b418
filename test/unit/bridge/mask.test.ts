import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMask } from "../../../src/guest/mask.ts";

describe("mask", () => {
  const through = (secrets: readonly string[], pieces: readonly string[]): string => {
    const mask = createMask(secrets);
    return Buffer.concat([...pieces.map((piece) => mask.push(Buffer.from(piece))), mask.end()]).toString();
  };
  const shown = "<concealed by 1Password>";

  test.each([
    [["abc"], ["xabcx"], `x${shown}x`],
    [["abc"], ["xa", "b", "cx"], `x${shown}x`],
    [["abc"], ["ab"], "ab"],
    [["abc"], ["abab", "c"], `ab${shown}`],
    [["abc", "abcdef"], ["abcdef abc"], `${shown} ${shown}`],
    [["abc", "abcdef"], ["abc", "def"], shown],
    [["abc", "abcdef"], ["abc", "de", "x"], `${shown}dex`],
    [["abc", "abcdef"], ["abc", "de"], `${shown}de`],
    [["hunter2", "hunter2-prod-XYZ"], ["p=hunter2", "-prod-XYZ"], `p=${shown}`],
    [["abcd", "cdef"], ["abcdef"], shown],
    [["abcd", "cdef"], ["abcd", "ef"], shown],
    [["abcd", "cdef"], ["abcd", "eg"], `${shown}eg`],
    [["abcd", "efgh"], ["abcdefgh"], `${shown}${shown}`],
    [["abcdef", "c"], ["abcd", "cabcde", "f"], `ab${shown}d${shown}${shown}`],
    [["aa"], ["aaa"], shown],
    [["aa"], ["a", "a", "a", "ab"], `${shown}b`],
    [["aab"], ["aaa", "b"], `a${shown}`],
    [["", "x"], ["axb"], `a${shown}b`],
    [["ü"], ["ü"], shown],
    [["a\nb"], ["a\n", "b"], shown],
    [[], ["plain"], "plain"],
  ])("%j in %j", (secrets, pieces, expected) => expect(through(secrets, pieces)).toBe(expected));

  test("no cut of the stream lets a secret through", () => {
    const text = "start s3cret middle s3cs3cret s3cre end";
    for (let size = 1; size <= text.length; size += 1) {
      const pieces = text.match(new RegExp(`.{1,${size}}`, "g")) ?? [];
      expect(through(["s3cret"], pieces)).toBe(`start ${shown} middle s3c${shown} s3cre end`);
    }
  });
});

describe("mask, against one that looks at everything", () => {
  /** Hides each byte that belongs to an occurrence; occurrences that overlap are one. */
  function plainly(secrets: readonly string[], text: string): string {
    const starts = secrets.filter((secret) => secret !== "");
    const ranges = [...text].flatMap((_, at) =>
      starts
        .filter((secret) => text.startsWith(secret, at))
        .map((secret) => [at, at + secret.length] as const),
    );
    let [shown, at] = ["", 0];
    for (const [start, end] of ranges) {
      if (start >= at) shown += `${text.slice(at, start)}#`;
      at = Math.max(at, end);
    }
    return shown + text.slice(at);
  }
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 6 });

  test("any secrets, any cuts", () => {
    fc.assert(
      fc.property(
        fc.array(letters, { maxLength: 5 }),
        fc.array(letters, { maxLength: 30 }),
        (secrets, pieces) => {
          const mask = createMask(secrets);
          const parts = [...pieces.map((piece) => mask.push(Buffer.from(piece))), mask.end()];
          const text = Buffer.concat(parts).toString().replaceAll("<concealed by 1Password>", "#");
          expect(text).toBe(plainly(secrets, pieces.join("")));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("large secrets cost no more than small ones", () => {
    const secret = (size: number) => (index: number) =>
      `${index}`.padEnd(size, "0123456789abcdefghijklmnopqrstuvwxyz");
    const text = Buffer.alloc(1024 * 1024, "a line of 0123456789abcde and words\n");
    const duration = (size: number): number => {
      const mask = createMask(Array.from({ length: 20 }, (_, index) => secret(size)(index)));
      const startedAt = performance.now();
      for (let at = 0; at < text.length; at += 65_536) mask.push(text.subarray(at, at + 65_536));
      return performance.now() - startedAt;
    };
    duration(40);
    expect(duration(65_536)).toBeLessThan(10 * duration(40) + 200);
  });
});
