import { fail, openBackward, takeBackward } from "./bits.ts";
import { buildTable, type FseTable, firstState, nextState, oneSymbol, readTable } from "./fse.ts";

/** What a later block may repeat: the three tables and the last three offsets. */
export interface SequenceMemory {
  tables: readonly (FseTable | undefined)[];
  offsets: readonly [number, number, number];
}

export const freshMemory = (): SequenceMemory => ({ tables: [], offsets: [1, 4, 8] });

const ones = (count: number, value = 1): number[] => Array<number>(count).fill(value);

/** Literal lengths, offsets, match lengths: RFC 8878 sections 3.1.1.3.2.1.1 and 3.1.1.3.2.2. */
const kinds = [
  {
    maxLog: 9,
    maxSymbol: 35,
    standard: buildTable([4, 3, ...ones(11, 2), 1, 1, 1, ...ones(9, 2), 3, 2, ...ones(5), ...ones(4, -1)], 6),
  },
  { maxLog: 8, maxSymbol: 31, standard: buildTable([...ones(6), 2, 2, 2, ...ones(15), ...ones(5, -1)], 5) },
  {
    maxLog: 9,
    maxSymbol: 52,
    standard: buildTable([1, 4, 3, ...ones(6, 2), ...ones(37), ...ones(7, -1)], 6),
  },
] as const;

const literalBits = [...ones(16, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const matchBits = [...ones(32, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const bases = (bits: readonly number[], first: number): number[] => {
  let base = first;
  return bits.map((count) => {
    const own = base;
    base += 1 << count;
    return own;
  });
};
const literalBase = bases(literalBits, 0);
const matchBase = bases(matchBits, 3);

export interface Sequences {
  readonly count: number;
  /** Byte of the block where the table modes stand. */
  readonly at: number;
}

export function readCount(block: Uint8Array, at: number): Sequences {
  const byte = (i: number): number => block[at + i] ?? fail("block cut short");
  const first = byte(0);
  if (first < 128) return { count: first, at: at + 1 };
  if (first < 255) return { count: ((first - 128) << 8) + byte(1), at: at + 2 };
  return { count: byte(1) + (byte(2) << 8) + 0x7f00, at: at + 3 };
}

function readTables(
  block: Uint8Array,
  at: number,
  memory: SequenceMemory,
): { tables: FseTable[]; end: number } {
  const modes = block[at] ?? fail("block cut short");
  if ((modes & 3) !== 0) fail("reserved bits are set");
  let end = at + 1;
  const tables = kinds.map((kind, i): FseTable => {
    const mode = (modes >> (6 - 2 * i)) & 3;
    if (mode === 0) return kind.standard;
    if (mode === 3) return memory.tables[i] ?? fail("no table to repeat");
    if (mode === 1) {
      const symbol = block[end] ?? fail("block cut short");
      end += 1;
      return symbol > kind.maxSymbol ? fail("symbol out of range") : oneSymbol(symbol);
    }
    const source = { bytes: block, at: end * 8 };
    const table = readTable(source, kind.maxLog, kind.maxSymbol);
    end = source.at >> 3;
    return table;
  });
  return { tables, end };
}

function offsetOf(value: number, literals: number, memory: SequenceMemory): number {
  const [first, second, third] = memory.offsets;
  const index = value > 3 ? 4 : value + (literals === 0 ? 1 : 0);
  if (index === 1) return first;
  if (index === 2) {
    memory.offsets = [second, first, third];
    return second;
  }
  const offset = value > 3 ? value - 3 : index === 3 ? third : first - 1;
  memory.offsets = [offset, first, second];
  return offset;
}

/** Calls `emit` once a sequence; every emit copies at least three bytes, so the output's bound bounds the loop. */
export function runSequences(
  block: Uint8Array,
  { count, at }: Sequences,
  memory: SequenceMemory,
  emit: (literals: number, offset: number, match: number) => void,
): void {
  const { tables, end } = readTables(block, at, memory);
  const [literalTable, offsetTable, matchTable] = tables as [FseTable, FseTable, FseTable];
  memory.tables = tables;
  const source = openBackward(block.subarray(end));
  let literalState = firstState(literalTable, source);
  let offsetState = firstState(offsetTable, source);
  let matchState = firstState(matchTable, source);
  for (let i = 0; i < count; i += 1) {
    if (source.left < 0) fail("sequences cut short");
    const offsetCode = offsetTable.symbols[offsetState] ?? 0;
    const matchCode = matchTable.symbols[matchState] ?? 0;
    const literalCode = literalTable.symbols[literalState] ?? 0;
    const value = 2 ** offsetCode + takeBackward(source, offsetCode);
    const match = (matchBase[matchCode] ?? 0) + takeBackward(source, matchBits[matchCode] ?? 0);
    const literals = (literalBase[literalCode] ?? 0) + takeBackward(source, literalBits[literalCode] ?? 0);
    emit(literals, offsetOf(value, literals, memory), match);
    if (i === count - 1) break;
    literalState = nextState(literalTable, literalState, source);
    matchState = nextState(matchTable, matchState, source);
    offsetState = nextState(offsetTable, offsetState, source);
  }
  if (source.left !== 0) fail("sequences do not end with their stream");
}
