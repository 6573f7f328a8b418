import { fail, ZstdError } from "./zstd/bits.ts";
import type { HuffmanTable } from "./zstd/huffman.ts";
import { readLiterals } from "./zstd/literals.ts";
import { freshMemory, readCount, runSequences } from "./zstd/sequences.ts";

/**
 * A zstd decoder (RFC 8878, no dictionaries) of our own, because the sender is a guest that is not trusted and
 * the time and memory of a reply have to be bounded: Node 20 has none, and the ones on npm allocate what the
 * header promises or copy as much as it says (18 bytes kept fzstd 0.1.1 busy for more than two minutes).
 * Here every loop is bounded by the length of the input or by `maxBytes` of output.
 */
export type Decompressed =
  | { readonly kind: "plain"; readonly bytes: Uint8Array }
  | { readonly kind: "bad"; readonly why: string };

const maxBlockBytes = 128 * 1024;

interface Header {
  readonly sizeBytes: number;
  readonly contentBytes: number | undefined;
  readonly checksum: boolean;
}

function readHeader(input: Uint8Array): Header {
  const byte = (at: number): number => input[at] ?? fail("header cut short");
  if (byte(0) !== 0x28 || byte(1) !== 0xb5 || byte(2) !== 0x2f || byte(3) !== 0xfd) fail("not a zstd frame");
  const flags = byte(4);
  if ((flags & 0x08) !== 0) fail("reserved bit is set");
  if ((flags & 0x03) !== 0) fail("needs a dictionary");
  const single = (flags & 0x20) !== 0;
  const at = single ? 5 : 6;
  const width = [single ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  let content = 0;
  for (let i = width - 1; i >= 0; i -= 1) content = content * 256 + byte(at + i);
  if (width === 2) content += 256;
  return {
    sizeBytes: at + width,
    contentBytes: width === 0 ? undefined : content,
    checksum: (flags & 0x04) !== 0,
  };
}

interface Output {
  readonly bytes: Uint8Array;
  length: number;
}

function put(out: Output, bytes: Uint8Array): void {
  if (out.length + bytes.length > out.bytes.length) fail("longer than allowed");
  out.bytes.set(bytes, out.length);
  out.length += bytes.length;
}

function repeat(out: Output, byte: number, count: number): void {
  if (out.length + count > out.bytes.length) fail("longer than allowed");
  out.bytes.fill(byte, out.length, out.length + count);
  out.length += count;
}

function copyBack(out: Output, offset: number, count: number): void {
  if (offset < 1 || offset > out.length) fail("match before the start");
  if (out.length + count > out.bytes.length) fail("longer than allowed");
  // One byte at a time: source and target overlap when offset < count.
  for (let end = out.length + count; out.length < end; out.length += 1) {
    out.bytes[out.length] = out.bytes[out.length - offset] ?? 0;
  }
}

interface Memory {
  tree: HuffmanTable | undefined;
  readonly sequences: ReturnType<typeof freshMemory>;
}

function decodeBlock(block: Uint8Array, out: Output, memory: Memory): void {
  const room = Math.min(maxBlockBytes, out.bytes.length - out.length);
  const literals = readLiterals(block, memory.tree, room);
  memory.tree = literals.tree ?? memory.tree;
  const sequences = readCount(block, literals.sizeBytes);
  let used = 0;
  if (sequences.count > 0) {
    runSequences(block, sequences, memory.sequences, (count, offset, match) => {
      if (used + count > literals.bytes.length) fail("more literals than there are");
      put(out, literals.bytes.subarray(used, used + count));
      used += count;
      copyBack(out, offset, match);
    });
  } else if (sequences.at !== block.length) fail("bytes after the block's end");
  put(out, literals.bytes.subarray(used));
}

function decode(input: Uint8Array, maxBytes: number): Uint8Array {
  const header = readHeader(input);
  if ((header.contentBytes ?? 0) > maxBytes) fail("longer than allowed");
  const out: Output = { bytes: new Uint8Array(header.contentBytes ?? maxBytes), length: 0 };
  const memory: Memory = { tree: undefined, sequences: freshMemory() };
  let at = header.sizeBytes;
  for (let last = false; !last; ) {
    if (at + 3 > input.length) fail("block header cut short");
    const head = (input[at] ?? 0) | ((input[at + 1] ?? 0) << 8) | ((input[at + 2] ?? 0) << 16);
    last = (head & 1) === 1;
    const kind = (head >> 1) & 3;
    const size = head >> 3;
    at += 3;
    const length = kind === 1 ? 1 : size;
    if (size > maxBlockBytes || at + length > input.length) fail("block cut short");
    const body = input.subarray(at, at + length);
    at += length;
    if (kind === 3) fail("reserved block type");
    else if (kind === 2) decodeBlock(body, out, memory);
    else if (kind === 0) put(out, body);
    else repeat(out, body[0] ?? 0, size);
  }
  if (at + (header.checksum ? 4 : 0) !== input.length) fail("bytes after the frame's end");
  if (header.contentBytes !== undefined && header.contentBytes !== out.length)
    fail("another length than promised");
  return out.bytes.subarray(0, out.length);
}

/** One whole frame. At most `maxBytes` are ever allocated for its content, whatever its header says. */
export function decompress(input: Uint8Array, maxBytes: number): Decompressed {
  try {
    return { kind: "plain", bytes: decode(input, maxBytes) };
  } catch (error) {
    if (error instanceof ZstdError) return { kind: "bad", why: error.message };
    throw error;
  }
}
