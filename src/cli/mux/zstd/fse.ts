import { type BackwardBits, type ForwardBits, fail, highestBit, takeBackward, takeForward } from "./bits.ts";

/** Finite state entropy, RFC 8878 section 4.1: state → symbol, and how the next state is read. */
export interface FseTable {
  readonly accuracyLog: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly next: Uint16Array;
}

/** A table with one symbol that takes no bits (mode RLE). */
export const oneSymbol = (symbol: number): FseTable => ({
  accuracyLog: 0,
  symbols: Uint8Array.of(symbol),
  bits: Uint8Array.of(0),
  next: Uint16Array.of(0),
});

/** Probabilities → table; -1 means "less than one", a single state at the end. */
export function buildTable(probabilities: readonly number[], accuracyLog: number): FseTable {
  const size = 1 << accuracyLog;
  const symbols = new Uint8Array(size);
  const state = new Uint16Array(probabilities.length);
  let high = size;
  probabilities.forEach((probability, symbol) => {
    if (probability !== -1) return;
    high -= 1;
    symbols[high] = symbol;
    state[symbol] = 1;
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  probabilities.forEach((probability, symbol) => {
    if (probability <= 0) return;
    state[symbol] = probability;
    for (let i = 0; i < probability; i += 1) {
      symbols[at] = symbol;
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  });
  if (at !== 0) fail("probabilities do not fill the table");
  const bits = new Uint8Array(size);
  const next = new Uint16Array(size);
  symbols.forEach((symbol, i) => {
    const value = state[symbol] ?? 0;
    state[symbol] = value + 1;
    const count = accuracyLog - highestBit(value);
    bits[i] = count;
    next[i] = (value << count) - size;
  });
  return { accuracyLog, symbols, bits, next };
}

/** Reads a table description; leaves `source.at` on the next whole byte. */
export function readTable(source: ForwardBits, maxLog: number, maxSymbol: number): FseTable {
  const accuracyLog = takeForward(source, 4) + 5;
  if (accuracyLog > maxLog) fail("accuracy too high");
  const probabilities: number[] = [];
  let remaining = 1 << accuracyLog;
  while (remaining > 0) {
    if (probabilities.length > maxSymbol) fail("too many symbols");
    const width = highestBit(remaining + 1) + 1;
    const low = (1 << (width - 1)) - 1;
    const threshold = (1 << width) - 2 - remaining;
    let value = takeForward(source, width - 1);
    if (value >= threshold) {
      value |= takeForward(source, 1) << (width - 1);
      if (value > low) value -= threshold;
    }
    const probability = value - 1;
    remaining -= Math.abs(probability);
    probabilities.push(probability);
    if (probability !== 0) continue;
    for (let repeat = 3; repeat === 3; ) {
      repeat = takeForward(source, 2);
      for (let i = 0; i < repeat; i += 1) probabilities.push(0);
    }
  }
  if (remaining !== 0 || probabilities.length > maxSymbol + 1) fail("probabilities do not add up");
  source.at = (source.at + 7) & ~7;
  return buildTable(probabilities, accuracyLog);
}

export const firstState = (table: FseTable, source: BackwardBits): number =>
  takeBackward(source, table.accuracyLog);

export const nextState = (table: FseTable, state: number, source: BackwardBits): number =>
  (table.next[state] ?? 0) + takeBackward(source, table.bits[state] ?? 0);
