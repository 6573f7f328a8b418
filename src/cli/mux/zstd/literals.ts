import { fail } from "./bits.ts";
import { decodeStream, type HuffmanTable, readHuffman } from "./huffman.ts";

export interface Literals {
  readonly bytes: Uint8Array;
  readonly sizeBytes: number;
  readonly tree: HuffmanTable | undefined;
}

/** Little-endian number of up to four bytes. */
const little = (block: Uint8Array, from: number, count: number): number => {
  let value = 0;
  for (let i = count - 1; i >= 0; i -= 1) value = value * 256 + (block[from + i] ?? fail("block cut short"));
  return value;
};

function plain(block: Uint8Array, repeated: boolean, limitBytes: number): Literals {
  const form = (little(block, 0, 1) >> 2) & 3;
  const head = form === 1 ? 2 : form === 3 ? 3 : 1;
  const size = little(block, 0, head) >> (head === 1 ? 3 : 4);
  if (size > limitBytes) fail("longer than allowed");
  if (repeated) {
    const bytes = new Uint8Array(size).fill(block[head] ?? fail("block cut short"));
    return { bytes, sizeBytes: head + 1, tree: undefined };
  }
  const bytes = block.subarray(head, head + size);
  if (bytes.length < size) fail("literals cut short");
  return { bytes, sizeBytes: head + size, tree: undefined };
}

function streams(table: HuffmanTable, bytes: Uint8Array, out: Uint8Array): void {
  const sizes = [little(bytes, 0, 2), little(bytes, 2, 2), little(bytes, 4, 2)];
  const share = (out.length + 3) >> 2;
  if (share * 3 > out.length) fail("four streams for too few literals");
  let at = 6;
  sizes.forEach((size, i) => {
    if (at + size > bytes.length) fail("literal stream cut short");
    decodeStream(table, bytes.subarray(at, at + size), out.subarray(i * share, (i + 1) * share));
    at += size;
  });
  decodeStream(table, bytes.subarray(at), out.subarray(3 * share));
}

function coded(
  block: Uint8Array,
  last: HuffmanTable | undefined,
  fresh: boolean,
  limitBytes: number,
): Literals {
  const form = (little(block, 0, 1) >> 2) & 3;
  const width = form < 2 ? 10 : form === 2 ? 14 : 18;
  const head = form < 2 ? 3 : form === 2 ? 4 : 5;
  // Five bytes do not fit 32 bits: sizes are cut out with arithmetic, not with shifts.
  const value = Math.floor((little(block, 0, 4) + (head === 5 ? little(block, 4, 1) * 2 ** 32 : 0)) / 16);
  const size = value % 2 ** width;
  const packed = Math.floor(value / 2 ** width) % 2 ** width;
  if (size > limitBytes) fail("longer than allowed");
  let body = block.subarray(head, head + packed);
  if (body.length < packed) fail("literals cut short");
  let tree = last;
  if (fresh) {
    const read = readHuffman(body);
    tree = read.table;
    body = body.subarray(read.sizeBytes);
  }
  if (!tree) return fail("no tree to repeat");
  const bytes = new Uint8Array(size);
  if (form === 0) decodeStream(tree, body, bytes);
  else streams(tree, body, bytes);
  return { bytes, sizeBytes: head + packed, tree };
}

/** RFC 8878 section 3.1.1.3.1. `limitBytes` is what may still be produced. */
export function readLiterals(
  block: Uint8Array,
  last: HuffmanTable | undefined,
  limitBytes: number,
): Literals {
  const kind = little(block, 0, 1) & 3;
  return kind < 2 ? plain(block, kind === 1, limitBytes) : coded(block, last, kind === 2, limitBytes);
}
