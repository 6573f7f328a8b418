/** The two ways zstd packs bits: forward in headers, backward in streams. Sizes are in bits unless named. */

/** Any input that is not the zstd this decoder reads; `message` says what was wrong. */
export class ZstdError extends Error {
  override readonly name = "ZstdError";
}

export const fail = (what: string): never => {
  throw new ZstdError(what);
};

/** Index of the highest set bit; -1 for 0. Values stay below 2^31. */
export const highestBit = (value: number): number => 31 - Math.clz32(value);

/** Bits from the lowest upwards; reading past the end is an error. */
export interface ForwardBits {
  readonly bytes: Uint8Array;
  at: number;
}

export function takeForward(bits: ForwardBits, count: number): number {
  if (bits.at + count > bits.bytes.length * 8) return fail("table description cut short");
  let value = 0;
  for (let i = 0; i < count; i += 1, bits.at += 1) {
    value |= (((bits.bytes[bits.at >> 3] ?? 0) >> (bits.at & 7)) & 1) << i;
  }
  return value;
}

/** Bits from the end downwards. `left` goes negative when more is taken than there was: those bits are zero. */
export interface BackwardBits {
  readonly bytes: Uint8Array;
  left: number;
}

/** The highest set bit of the last byte ends the padding. */
export function openBackward(bytes: Uint8Array): BackwardBits {
  const last = bytes.at(-1) ?? 0;
  if (last === 0) fail("bit stream without its end mark");
  return { bytes, left: (bytes.length - 1) * 8 + highestBit(last) };
}

/** Up to 31 bits. */
export function takeBackward(bits: BackwardBits, count: number): number {
  const top = bits.left - 1;
  bits.left -= count;
  let value = 0;
  for (let at = top; at >= bits.left; at -= 1) {
    value = value * 2 + (at < 0 ? 0 : ((bits.bytes[at >> 3] ?? 0) >> (at & 7)) & 1);
  }
  return value;
}
