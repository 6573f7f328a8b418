import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createFrameDecoder, encodeFrame, type Frame, frameLimits } from "../../../src/cli/mux/frame.ts";
import { idents, readCodecVersion, readErrorResponse, tame } from "../../../src/cli/mux/messages.ts";

interface Vector {
  readonly server: string;
  readonly name: string;
  readonly request: string;
  readonly reply: string;
  readonly after: string;
}

const vectors = readFileSync(new URL("../../fixtures/mux-vectors.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => JSON.parse(line) as Vector);

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

function framesOf(reply: Uint8Array, pieceBytes: number): readonly Frame[] {
  const decoder = createFrameDecoder(() => true);
  const frames: Frame[] = [];
  for (let at = 0; at < reply.length; at += pieceBytes) {
    const decoded = decoder.push(reply.subarray(at, at + pieceBytes));
    expect(decoded.kind).toBe("frames");
    frames.push(...decoded.frames);
  }
  return frames;
}

/** What each recorded request must be answered with, as message numbers. */
const expectedIdents: Record<string, readonly number[]> = {
  ping: [2],
  "ping, serial 300 (two-byte leb128)": [2],
  "ping, serial 0": [2],
  "get codec version": [27],
  "list panes": [4],
  "get client list": [42],
  "ping and get codec version in one write": [2, 27],
  "ping, one byte at a time": [2],
  "ping, then the client half-closes": [2],
  "unknown ident 200": [0],
  "unknown ident 99 with a body": [0],
  "a response sent as a request (Pong)": [0],
  "compressed flag, empty body (ping)": [2],
};

describe("recorded replies", () => {
  test.each(vectors)("$server: $name", ({ name, reply }) => {
    const wire = bytes(reply);
    const whole = framesOf(wire, wire.length || 1);
    expect(whole.map((frame) => frame.ident)).toEqual(expectedIdents[name] ?? []);
    // Cut anywhere, the stream says the same.
    for (const pieceBytes of [1, 2, 3, 7]) expect(framesOf(wire, pieceBytes)).toEqual(whole);
    for (const frame of whole) {
      if (frame.ident === idents.getCodecVersionResponse) {
        expect(readCodecVersion(frame)).toMatchObject({ codec: 44, version: "20250223-062404-4ff581a8" });
      }
      if (frame.ident === idents.errorResponse) expect(readErrorResponse(frame)).toMatch(/^Error: /);
    }
  });

  test("a plain and a compressed version reply name the server's executable and its configuration", () => {
    const replies = vectors.filter((vector) => vector.name === "get codec version");
    const read = replies.map(({ reply }) => framesOf(bytes(reply), 1000).map(readCodecVersion)[0]);
    expect(read[0]).toMatchObject({
      exe: "/usr/local/bin/wezterm-mux-server",
      configFile: "/etc/ascalon/wezterm.lua",
    });
    expect(read[1]?.exe).toMatch(/^\/nix\/store\/.*\/bin\/wezterm-mux-server$/);
  });
});

describe("requests", () => {
  test.each([
    ["020101", 1, idents.ping],
    ["02011a", 1, idents.getCodecVersion],
    ["03ac0201", 300, idents.ping],
  ])("%s", (hex, serial, ident) => {
    expect(Buffer.from(encodeFrame(serial, ident)).toString("hex")).toBe(hex);
  });
});

describe("limits", () => {
  const malformed = (hex: string, keep = true): unknown => createFrameDecoder(() => keep).push(bytes(hex));

  test.each([
    ["a length of 2^40", "80808080808040", "frame longer than allowed"],
    ["a length of 2^63 - 1", "ffffffffffffffff7f0102", "frame longer than allowed"],
    ["a length beyond 64 bits", "ffffffffffffffffffff", "frame length overflows"],
    ["length 0", "00", "frame too short"],
    ["length 1", "010101", "frame too short"],
    ["a header longer than the frame", "0280800101", "frame too short"],
    ["a serial beyond 64 bits", "10ffffffffffffffffffff01", "frame serial overflows"],
    ["a kept frame of 1 MiB", "8080400101", "reply longer than allowed"],
    [
      "compressed data that is none",
      "86808080808080808001" + "011b" + "00112233",
      "compressed reply: not a zstd frame",
    ],
  ])("%s", (_, hex, why) => {
    expect(malformed(hex)).toEqual({ kind: "malformed", frames: [], why });
  });

  test("a dead decoder stays dead", () => {
    const decoder = createFrameDecoder(() => true);
    expect(decoder.push(bytes("00")).kind).toBe("malformed");
    expect(decoder.push(bytes("020102"))).toMatchObject({ kind: "malformed", frames: [] });
  });

  test("frames before the bad one are given", () => {
    expect(createFrameDecoder(() => true).push(bytes("02010200"))).toMatchObject({
      kind: "malformed",
      frames: [{ serial: 1, ident: 2 }],
    });
  });

  test("a push of 100 MiB passes through without being held, and the reply after it is found", () => {
    const decoder = createFrameDecoder((serial) => serial !== 0);
    const size = 100 * 1024 * 1024;
    const chunk = new Uint8Array(64 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    // LEN counts serial and ident too: two bytes.
    expect(decoder.push(bytes("82808032" + "0019"))).toEqual({ kind: "frames", frames: [] });
    for (let sent = 0; sent < size; sent += chunk.length) decoder.push(chunk);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(frameLimits.keptBytes * 4);
    expect(decoder.push(bytes("020102"))).toMatchObject({ frames: [{ serial: 1, ident: 2 }] });
  });
});

test("tame takes out what moves a cursor or reverses text", () => {
  expect(tame("a\u001b[2Jb\u202ec\u2028d")).toBe("a\ufffd[2Jb\ufffdc\ufffdd");
  expect(tame("x".repeat(5000))).toHaveLength(1024);
  expect(tame(`${"x".repeat(1023)}😀`)).toBe(`${"x".repeat(1023)}\ufffd`);
  expect(tame("😀")).toBe("😀");
});
