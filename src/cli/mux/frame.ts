import { maxLebBytes, readUleb, writeUleb } from "./leb128.ts";
import { decompress } from "./zstd.ts";

/**
 * A frame of WezTerm's wire format: LEN SERIAL IDENT DATA, where LEN counts all that follows and its bit 63 says
 * that DATA is a zstd frame (wezterm codec/src/lib.rs, the same in codec 42 to 45).
 */
export interface Frame {
  readonly serial: number;
  readonly ident: number;
  /** Decompressed. */
  readonly data: Uint8Array;
}

/** A decoder holds at most one kept frame, its content twice (output and one block of literals), and a header. */
export const frameLimits = {
  /** A frame that is kept: more on the wire is a malformed stream. Codec replies are 40 to 300 bytes. */
  keptBytes: 64 * 1024,
  /** DATA of a kept frame after decompression. */
  plainBytes: 64 * 1024,
  /** A frame that is not for us is dropped as it passes and costs no memory; above this it is not believed. */
  skippedBytes: 256 * 1024 * 1024,
} as const;

export type Decoded =
  | { readonly kind: "frames"; readonly frames: readonly Frame[] }
  /** The stream cannot be followed any further. Frames before the bad one are still given. */
  | { readonly kind: "malformed"; readonly frames: readonly Frame[]; readonly why: string };

export interface FrameDecoder {
  /** Takes the next bytes, cut anywhere. After `malformed` it only repeats that. */
  push(chunk: Uint8Array): Decoded;
}

interface Header {
  readonly serial: number;
  readonly ident: number;
  readonly compressed: boolean;
  readonly dataBytes: number;
  readonly sizeBytes: number;
}

const bit63 = 1n << 63n;

/** undefined: more bytes are needed. A string: why this is no frame. */
function readHeader(bytes: Uint8Array): Header | string | undefined {
  const length = readUleb(bytes, 0);
  if (length.kind !== "value") return length.kind === "overflow" ? "frame length overflows" : undefined;
  const compressed = typeof length.value === "bigint" && length.value >= bit63;
  const total = Number(compressed ? BigInt(length.value) - bit63 : length.value);
  if (total > frameLimits.skippedBytes) return "frame longer than allowed";
  if (total < 2) return "frame too short";
  const serial = readUleb(bytes, length.next);
  if (serial.kind !== "value") return serial.kind === "overflow" ? "frame serial overflows" : undefined;
  const ident = readUleb(bytes, serial.next);
  if (ident.kind !== "value") return ident.kind === "overflow" ? "frame ident overflows" : undefined;
  const dataBytes = total - (ident.next - length.next);
  if (dataBytes < 0) return "frame too short";
  return {
    serial: Number(serial.value),
    ident: Number(ident.value),
    compressed,
    dataBytes,
    sizeBytes: ident.next,
  };
}

/** `keep` decides by serial and ident; pushes (serial 0) are best dropped. */
export function createFrameDecoder(keep: (serial: number, ident: number) => boolean): FrameDecoder {
  const head = new Uint8Array(3 * maxLebBytes);
  let headLength = 0;
  let header: Header | undefined;
  let body: Uint8Array | undefined;
  let got = 0;
  let dead: string | undefined;

  /** Moves header bytes in until it is complete; returns how many bytes of the chunk it took. */
  const readHead = (chunk: Uint8Array): number => {
    const before = headLength;
    const taken = Math.min(chunk.length, head.length - headLength);
    head.set(chunk.subarray(0, taken), headLength);
    headLength += taken;
    const read = readHeader(head.subarray(0, headLength));
    if (read === undefined) return taken;
    headLength = 0;
    if (typeof read === "string") dead = read;
    else {
      header = read;
      got = 0;
      if (keep(read.serial, read.ident)) {
        if (read.dataBytes > frameLimits.keptBytes) dead = "reply longer than allowed";
        else body = new Uint8Array(read.dataBytes);
      }
      return read.sizeBytes - before;
    }
    return taken;
  };

  const finish = (done: Header, bytes: Uint8Array): Frame | undefined => {
    // A flagged frame without data is legal: a real server answers it.
    if (!done.compressed || bytes.length === 0)
      return { serial: done.serial, ident: done.ident, data: bytes };
    const plain = decompress(bytes, frameLimits.plainBytes);
    if (plain.kind === "plain") return { serial: done.serial, ident: done.ident, data: plain.bytes };
    dead = `compressed reply: ${plain.why}`;
    return undefined;
  };

  const push = (chunk: Uint8Array): Decoded => {
    const frames: Frame[] = [];
    for (let at = 0; dead === undefined && (at < chunk.length || header?.dataBytes === got); ) {
      if (!header) {
        at += readHead(chunk.subarray(at));
        continue;
      }
      const part = chunk.subarray(at, at + header.dataBytes - got);
      body?.set(part, got);
      got += part.length;
      at += part.length;
      if (got < header.dataBytes) continue;
      const frame = body && finish(header, body);
      if (frame) frames.push(frame);
      header = undefined;
      body = undefined;
    }
    return dead === undefined ? { kind: "frames", frames } : { kind: "malformed", frames, why: dead };
  };
  return { push };
}

/** A frame in its plain form. */
export function encodeFrame(serial: number, ident: number, data: Uint8Array = new Uint8Array()): Uint8Array {
  const rest = [writeUleb(serial), writeUleb(ident), data];
  const length = rest.reduce((total, part) => total + part.length, 0);
  return Uint8Array.from([writeUleb(length), ...rest].flatMap((part) => [...part]));
}
