/** Unsigned LEB128 of up to 64 bits: seven bits a byte, lowest first, bit 7 says that more follow. */

/** Ten groups hold 64 bits; the tenth has room for one. */
export const maxLebBytes = 10;

export type LebRead =
  /** A bigint only when the value does not fit a safe integer. */
  | { readonly kind: "value"; readonly value: number | bigint; readonly next: number }
  | { readonly kind: "partial" }
  | { readonly kind: "overflow" };

/** Seven groups are 49 bits: plain numbers carry them exactly. */
const plainGroups = 7;

export function readUleb(bytes: Uint8Array, at: number): LebRead {
  let low = 0;
  let high = 0n;
  for (let i = 0; i < maxLebBytes; i += 1) {
    const byte = bytes[at + i];
    if (byte === undefined) return { kind: "partial" };
    if (i === maxLebBytes - 1 && byte > 1) return { kind: "overflow" };
    if (i < plainGroups) low += (byte & 0x7f) * 2 ** (7 * i);
    else high |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) {
      const whole = high + BigInt(low);
      const value = high === 0n ? low : whole <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(whole) : whole;
      return { kind: "value", value, next: at + i + 1 };
    }
  }
  return { kind: "overflow" };
}

/** The shortest form. */
export function writeUleb(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt(value);
  do {
    const group = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? group : group | 0x80);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}
