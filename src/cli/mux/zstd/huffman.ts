import { fail, highestBit, openBackward, takeBackward } from "./bits.ts";
import { firstState, nextState, readTable } from "./fse.ts";

/** Huffman codes of literals, RFC 8878 section 4.2, as a table over `maxBits` bits. */
export interface HuffmanTable {
  readonly maxBits: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
}

function compressedWeights(bytes: Uint8Array): number[] {
  const head = { bytes, at: 0 };
  const table = readTable(head, 6, 255);
  const source = openBackward(bytes.subarray(head.at >> 3));
  const weights: number[] = [];
  let current = firstState(table, source);
  let other = firstState(table, source);
  if (source.left < 0) fail("weights cut short");
  for (;;) {
    weights.push(table.symbols[current] ?? 0);
    if (weights.length > 254) fail("too many weights");
    const stepped = nextState(table, current, source);
    // The two states take turns; when the bits run out the other one still holds a symbol.
    current = other;
    other = stepped;
    if (source.left < 0) break;
  }
  weights.push(table.symbols[current] ?? 0);
  return weights;
}

function directWeights(bytes: Uint8Array, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const byte = bytes[i >> 1] ?? 0;
    return i % 2 === 0 ? byte >> 4 : byte & 15;
  });
}

function fromWeights(weights: readonly number[]): HuffmanTable {
  if (weights.some((weight) => weight > 11)) fail("weight too large");
  const sum = weights.reduce((total, weight) => total + (weight > 0 ? 1 << (weight - 1) : 0), 0);
  const maxBits = highestBit(sum) + 1;
  const rest = (1 << maxBits) - sum;
  if (sum === 0 || maxBits > 11 || (rest & (rest - 1)) !== 0) fail("weights do not add up");
  const all = [...weights, highestBit(rest) + 1];
  const symbols = new Uint8Array(1 << maxBits);
  const bits = new Uint8Array(1 << maxBits);
  // Longest codes first, and by symbol among codes of one length: the table fills without gaps.
  let at = 0;
  for (let weight = 1; weight <= maxBits; weight += 1) {
    all.forEach((own, symbol) => {
      if (own !== weight) return;
      symbols.fill(symbol, at, at + (1 << (weight - 1)));
      bits.fill(maxBits + 1 - weight, at, at + (1 << (weight - 1)));
      at += 1 << (weight - 1);
    });
  }
  return { maxBits, symbols, bits };
}

/** Reads a tree description and says how many bytes it took. */
export function readHuffman(bytes: Uint8Array): { readonly table: HuffmanTable; readonly sizeBytes: number } {
  const head = bytes[0] ?? fail("no tree description");
  const length = head < 128 ? head : (head - 126) >> 1;
  const body = bytes.subarray(1, 1 + length);
  if (body.length < length) fail("tree description cut short");
  const weights = head < 128 ? compressedWeights(body) : directWeights(body, head - 127);
  return { table: fromWeights(weights), sizeBytes: 1 + length };
}

/** Fills `out` from one stream; the stream has to end exactly there. */
export function decodeStream(table: HuffmanTable, bytes: Uint8Array, out: Uint8Array): void {
  const source = openBackward(bytes);
  const mask = (1 << table.maxBits) - 1;
  let state = takeBackward(source, table.maxBits);
  for (let i = 0; i < out.length; i += 1) {
    out[i] = table.symbols[state] ?? 0;
    const count = table.bits[state] ?? 0;
    state = ((state << count) | takeBackward(source, count)) & mask;
  }
  if (source.left !== -table.maxBits) fail("literal stream has another length");
}
