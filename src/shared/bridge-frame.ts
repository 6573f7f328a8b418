import { type Blocks, createBlocks } from "./bridge-blocks.ts";

/**
 * What travels over the bridge after the hello. A call is a connection of its own, so a frame needs no number of the
 * call: kind (1 byte), stream (1 byte), length of the payload (4 bytes, big endian), payload.
 */
export const frameKind = {
  /** guest: JSON, what to run. One a connection, first. */
  exec: 1,
  /** guest: JSON, a question about the bridge itself instead of a call. */
  ask: 2,
  /** Both: bytes of a stream. */
  data: 3,
  /** Both: the stream has no more bytes. */
  end: 4,
  /** Both: nobody reads the stream any more. */
  shut: 5,
  /** Both: the peer may send so many bytes more in the stream (4 bytes, big endian). */
  credit: 6,
  /** guest: columns and rows of the terminal (2 bytes each, big endian). */
  resize: 7,
  /** guest: name of a signal. */
  signal: 8,
  /** host: the program runs. */
  started: 16,
  /** host: JSON, how the program ended. Last. */
  exit: 17,
  /** host: JSON, why there is no call (any more). Last. */
  error: 18,
  /** host: JSON, answer to a question. Last. */
  answer: 19,
} as const;

/** `terminal` is both the keyboard (to the host) and the screen (to the guest). */
export const streamId = { stdin: 0, stdout: 1, stderr: 2, terminal: 3 } as const;

export const frameLimits = {
  headerBytes: 6,
  /** Of a frame with bytes of a stream. */
  dataBytes: 65536,
  /** Of any other frame. Linux takes 128 KiB as one argument. */
  controlBytes: 196608,
  /** What one side may have sent and the other not yet passed on, a stream. */
  windowBytes: 1048576,
} as const;

export interface FrameHandler {
  /** A piece of a data frame, as it came: a view that is valid during the call only. */
  onData(stream: number, bytes: Uint8Array): void;
  /** A whole frame of another kind; the payload is valid during the call only. */
  onFrame(kind: number, stream: number, payload: Uint8Array): void;
}

export interface FrameReader {
  /** undefined while all is well; else what is wrong with the bytes, for good. */
  push(chunk: Uint8Array): string | undefined;
  /**
   * What comes from now on is kept as it is, up to so many bytes, and becomes frames with `release`; may be called by the
   * handler. More than that is a mistake.
   */
  hold(mostBytes: number): void;
  /** As `push`. */
  release(): string | undefined;
}

/** The header of a frame. */
export function frameHeader(kind: number, stream: number, length: number): Uint8Array {
  const header = new Uint8Array(frameLimits.headerBytes);
  header[0] = kind;
  header[1] = stream;
  putNumber(header, 2, length);
  return header;
}

/** Four bytes, big endian. */
export function putNumber(bytes: Uint8Array, at: number, value: number): void {
  for (let i = 3; i >= 0; i--) {
    bytes[at + i] = value % 256;
    value = Math.floor(value / 256);
  }
}

/** Four bytes, big endian; NaN when they are not there. */
export function numberAt(bytes: Uint8Array, at: number): number {
  if (bytes.length < at + 4) return Number.NaN;
  let value = 0;
  for (let i = 0; i < 4; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

/** Cuts a connection into frames. Holds one header and at most one frame that is not data. */
export function createFrameReader(kinds: readonly number[], handler: FrameHandler): FrameReader {
  const header = new Uint8Array(frameLimits.headerBytes);
  let headerLength = 0;
  let remaining = 0;
  let payload: Uint8Array | undefined;
  let problem: string | undefined;
  let kept: Blocks | undefined;
  let room = 0;

  const begin = (): string | undefined => {
    const kind = header[0] ?? 0;
    const stream = header[1] ?? 0;
    remaining = numberAt(header, 2);
    if (kinds.indexOf(kind) < 0) return `unknown frame ${kind}`;
    if (stream > streamId.terminal) return `unknown stream ${stream}`;
    if (kind === frameKind.data) {
      if (remaining === 0 || remaining > frameLimits.dataBytes) return `data of ${remaining} bytes`;
      return undefined;
    }
    if (remaining > frameLimits.controlBytes) return `frame of ${remaining} bytes`;
    payload = new Uint8Array(remaining);
    return undefined;
  };

  const take = (chunk: Uint8Array): number => {
    const bytes = chunk.subarray(0, remaining);
    if (payload === undefined) handler.onData(header[1] ?? 0, bytes);
    else payload.set(bytes, payload.length - remaining);
    remaining -= bytes.length;
    return bytes.length;
  };

  const finish = (): void => {
    const whole = payload;
    headerLength = 0;
    payload = undefined;
    if (whole !== undefined) handler.onFrame(header[0] ?? 0, header[1] ?? 0, whole);
  };

  const push = (chunk: Uint8Array): string | undefined => {
    let at = 0;
    while (problem === undefined) {
      if (kept !== undefined) {
        room -= chunk.length - at;
        if (room < 0) problem = "too much before the call began";
        else kept.push(chunk.subarray(at));
        return problem;
      }
      if (headerLength < frameLimits.headerBytes) {
        if (at >= chunk.length) return undefined;
        const part = chunk.subarray(at, at + frameLimits.headerBytes - headerLength);
        header.set(part, headerLength);
        headerLength += part.length;
        at += part.length;
        if (headerLength < frameLimits.headerBytes) return undefined;
        problem = begin();
      } else if (remaining > 0) {
        if (at >= chunk.length) return undefined;
        at += take(chunk.subarray(at));
      }
      if (problem === undefined && headerLength === frameLimits.headerBytes && remaining === 0) finish();
    }
    return problem;
  };

  return {
    push,
    hold: (mostBytes) => {
      kept = createBlocks();
      room = mostBytes;
    },
    release: () => {
      const blocks = kept;
      kept = undefined;
      for (let chunk = blocks?.shift(); chunk !== undefined; chunk = blocks?.shift()) push(chunk);
      return problem;
    },
  };
}
