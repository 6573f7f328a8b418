import { readFileSync } from "node:fs";
import { createFrameDecoder, frameLimits } from "../../src/cli/mux/frame.ts";
import { readCodecVersion, readErrorResponse } from "../../src/cli/mux/messages.ts";

/**
 * Feeds mutated streams to the frame decoder, cut at random places. The streams begin as recorded replies and
 * packed texts. It is our own parser that is fuzzed: a real server must never be sent such bytes.
 */
export interface FuzzFigures {
  readonly streams: number;
  readonly frames: number;
  readonly malformed: number;
  readonly largestAllocationBytes: number;
  readonly slowestMs: number;
  readonly elapsedMs: number;
}

type Random = (below: number) => number;

/** mulberry32: small, seedable, good enough to choose mutations. */
const randomFrom = (seed: number): Random => {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
};

const readLines = (name: string): Record<string, string>[] =>
  readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => JSON.parse(line) as Record<string, string>);

function seeds(): readonly number[][] {
  const recorded = readLines("mux-vectors.jsonl").flatMap((one) => [one.reply, one.request]);
  const packed = readLines("zstd.jsonl")
    .map((one) => [...Buffer.from(one.packed ?? "", "base64")])
    .filter((bytes) => bytes.length < 4096)
    .map((bytes) => {
      const length = bytes.length + 2;
      // Ten bytes of length with bit 63 set, serial 2, ident 27.
      return [
        (length & 0x7f) | 0x80,
        (length >> 7) | 0x80,
        ...Array<number>(7).fill(0x80),
        1,
        2,
        27,
        ...bytes,
      ];
    });
  return [...recorded.filter((hex) => hex).map((hex) => [...Buffer.from(hex ?? "", "hex")]), ...packed];
}

/** Values that sit on a boundary somewhere in the format. */
const edges = [0, 1, 2, 3, 0x1b, 0x28, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0xc0, 0xfe, 0xff];

function mutate(base: number[], all: readonly number[][], random: Random): number[] {
  const bytes = base.slice();
  // Half of the streams keep their lengths, so that the change reaches the decompressor and the readers.
  if (random(2) === 0 && bytes.length > 16) {
    for (let rounds = 1 + random(4); rounds > 0; rounds -= 1) {
      bytes[13 + random(bytes.length - 13)] =
        random(2) === 0 ? random(256) : (edges[random(edges.length)] ?? 0);
    }
    return bytes;
  }
  for (let rounds = 1 + random(6); rounds > 0; rounds -= 1) {
    const at = random(bytes.length + 1);
    const kind = random(8);
    if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (kind === 1) bytes[at] = random(256);
    else if (kind === 2) bytes[at] = edges[random(edges.length)] ?? 0;
    else if (kind === 3) bytes.splice(at, 1 + random(8));
    else if (kind === 4) bytes.splice(at, 0, ...Array.from({ length: 1 + random(12) }, () => random(256)));
    else if (kind === 5) bytes.length = at;
    else if (kind === 6) bytes.splice(at, 0, ...(all[random(all.length)] ?? []).slice(0, 1 + random(64)));
    else bytes.splice(at, 0, ...bytes.slice(random(bytes.length + 1), at));
    if (bytes.length > 8192) bytes.length = 8192;
  }
  return bytes;
}

function decodeAll(stream: Uint8Array, random: Random): { frames: number; malformed: boolean } {
  const decoder = createFrameDecoder(() => true);
  let frames = 0;
  for (let at = 0; at < stream.length; ) {
    const size = random(3) === 0 ? 1 + random(8) : stream.length;
    const decoded = decoder.push(stream.subarray(at, at + size));
    at += size;
    frames += decoded.frames.length;
    for (const frame of decoded.frames) {
      readCodecVersion(frame);
      readErrorResponse(frame);
    }
    if (decoded.kind === "malformed") return { frames, malformed: true };
  }
  return { frames, malformed: false };
}

/** Throws on the first stream that breaks the decoder, with its bytes. */
export function fuzzMux(seed: number, streams: number): FuzzFigures {
  const random = randomFrom(seed);
  const all = seeds();
  const startedAt = performance.now();
  let [frames, malformed, slowestMs, largestAllocationBytes] = [0, 0, 0, 0];
  const Plain = globalThis.Uint8Array;
  // Every array the decoder makes passes here, so that a length taken from the wire is seen before it costs.
  globalThis.Uint8Array = new Proxy(Plain, {
    construct(target, args, newTarget) {
      if (typeof args[0] === "number") largestAllocationBytes = Math.max(largestAllocationBytes, args[0]);
      return Reflect.construct(target, args, newTarget) as object;
    },
  });
  try {
    for (let i = 0; i < streams; i += 1) {
      const stream = Plain.from(mutate(all[random(all.length)] ?? [], all, random));
      const before = performance.now();
      try {
        const result = decodeAll(stream, random);
        frames += result.frames;
        malformed += result.malformed ? 1 : 0;
        const tookMs = performance.now() - before;
        slowestMs = Math.max(slowestMs, tookMs);
        if (largestAllocationBytes > frameLimits.plainBytes)
          throw new Error(`allocated ${largestAllocationBytes}`);
      } catch (cause) {
        throw new Error(`seed ${seed}, stream ${i}: ${Buffer.from(stream).toString("hex")}`, { cause });
      }
    }
  } finally {
    globalThis.Uint8Array = Plain;
  }
  const elapsedMs = performance.now() - startedAt;
  return { streams, frames, malformed, largestAllocationBytes, slowestMs, elapsedMs };
}
