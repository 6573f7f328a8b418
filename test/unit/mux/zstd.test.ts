import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decompress } from "../../../src/cli/mux/zstd.ts";

interface Case {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly packed: string;
}

const cases = readFileSync(new URL("../../fixtures/zstd.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => JSON.parse(line) as Case);

const packedOf = (name: string): Uint8Array =>
  Uint8Array.from(Buffer.from(cases.find((one) => one.name === name)?.packed ?? "", "base64"));

describe("decompress", () => {
  test.each(cases)("$name", ({ packed, sizeBytes, sha256 }) => {
    const result = decompress(Uint8Array.from(Buffer.from(packed, "base64")), sizeBytes);
    expect(result.kind === "plain" ? result.bytes.length : result.why).toBe(sizeBytes);
    expect(result.kind === "plain" && createHash("sha256").update(result.bytes).digest("hex")).toBe(sha256);
  });

  test.each(cases.filter((one) => one.sizeBytes > 0))("$name is refused one byte above the limit", (one) => {
    expect(decompress(Uint8Array.from(Buffer.from(one.packed, "base64")), one.sizeBytes - 1)).toEqual({
      kind: "bad",
      why: "longer than allowed",
    });
  });

  test("every prefix of a frame is refused", () => {
    const packed = packedOf("store paths");
    for (let length = 0; length < packed.length; length += 1) {
      expect(decompress(packed.subarray(0, length), 4096).kind).toBe("bad");
    }
  });

  test.each([
    ["not zstd", "00010203040506", "not a zstd frame"],
    ["a dictionary", "28b52ffd0100", "needs a dictionary"],
    ["a promise of 2^62 bytes", "28b52ffde00000000000000040010000", "longer than allowed"],
    ["a window of 3.75 TB and one empty block", "28b52ffd00ff010000", undefined],
    ["a reserved block type", "28b52ffd0058070000", "reserved block type"],
    ["bytes after the end", "28b52ffd00580100000a", "bytes after the frame's end"],
    [
      "a match before the start",
      "28b52ffd0058" + "450000" + "00" + "01" + "54" + "00" + "00" + "00" + "01",
      undefined,
    ],
  ])("%s", (_, hex, why) => {
    const result = decompress(Uint8Array.from(Buffer.from(hex, "hex")), 4096);
    if (why !== undefined) expect(result).toEqual({ kind: "bad", why });
    else expect(["plain", "bad"]).toContain(result.kind);
  });

  test("18 bytes that promise 98,000 copies of 64 KiB end at once", () => {
    const startedAt = performance.now();
    const body = [0x00, 255, 0xff, 0xff, 0x54, 0, 0, 52, 1];
    const bomb = Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, (body.length << 3) | 5, 0, 0, ...body]);
    expect(decompress(bomb, 65_536).kind).toBe("bad");
    expect(performance.now() - startedAt).toBeLessThan(100);
  });
});
