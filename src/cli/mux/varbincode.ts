import { readUleb } from "./leb128.ts";

/**
 * The part of WezTerm's varbincode 0.1.0 that probes need: unsigned numbers, strings, optional strings. A reader
 * walks one frame's data; `undefined` means that the data does not hold such a value.
 */
export interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

export function readNumber(reader: Reader): number | undefined {
  const read = readUleb(reader.bytes, reader.at);
  if (read.kind !== "value" || typeof read.value === "bigint") return undefined;
  reader.at = read.next;
  return read.value;
}

const decoder = new TextDecoder("utf-8");

export function readString(reader: Reader): string | undefined {
  const length = readNumber(reader);
  if (length === undefined || length > reader.bytes.length - reader.at) return undefined;
  const text = decoder.decode(reader.bytes.subarray(reader.at, reader.at + length));
  reader.at += length;
  return text;
}

/** null: the value says "none". */
export function readOptionalString(reader: Reader): string | null | undefined {
  const tag = readNumber(reader);
  if (tag === 0) return null;
  return tag === 1 ? readString(reader) : undefined;
}
