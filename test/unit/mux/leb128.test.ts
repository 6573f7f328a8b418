import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readUleb, writeUleb } from "../../../src/cli/mux/leb128.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

describe("readUleb", () => {
  test.each([
    ["00", 0, 1],
    ["7f", 127, 1],
    ["8001", 128, 2],
    ["ac02", 300, 2],
    ["8000", 0, 2],
    ["ffffffffffffff0f", 2 ** 53 - 1, 8],
    ["ffffffffffffffffff01", 2n ** 64n - 1n, 10],
    ["89808080808080808001", 2n ** 63n + 9n, 10],
  ])("%s", (hex, value, next) => {
    expect(readUleb(bytes(hex), 0)).toEqual({ kind: "value", value, next });
  });

  test.each([
    ["", "partial"],
    ["80", "partial"],
    ["ffffffffffffffffff", "partial"],
  ])("%s is partial", (hex, kind) => {
    expect(readUleb(bytes(hex), 0)).toEqual({ kind });
  });

  test.each([["80808080808080808002"], ["ffffffffffffffffffff"], ["808080808080808080808001"]])(
    "%s overflows 64 bits",
    (hex) => {
      expect(readUleb(bytes(hex), 0)).toEqual({ kind: "overflow" });
    },
  );

  test("reads back every 64-bit number", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        const written = writeUleb(value);
        const read = readUleb(written, 0);
        expect(read).toMatchObject({ kind: "value", next: written.length });
        expect(read.kind === "value" && BigInt(read.value)).toBe(value);
      }),
    );
  });
});
