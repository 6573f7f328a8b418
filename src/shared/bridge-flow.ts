import { createBlocks } from "./bridge-blocks.ts";
import { frameKind, frameLimits, numberAt, putNumber } from "./bridge-frame.ts";

/** Writes one frame to the peer. False: the connection is full, and no more data is to come until it has drained. */
export type SendFrame = (kind: number, stream: number, payload: Uint8Array) => unknown;

const nothing = new Uint8Array(0);

/** Where the bytes of an outgoing stream come from. */
export interface FlowSource {
  pause(): void;
  resume(): void;
}

export interface Outgoing {
  /** Sends what the peer's credit and the connection allow and keeps the rest: the source is paused meanwhile. */
  push(bytes: Uint8Array): void;
  /** No more bytes; told to the peer after those that are kept. `onEnded` is called once that is done. */
  end(onEnded?: () => void): void;
  /** A credit frame's payload. */
  grant(payload: Uint8Array): void;
  /** The connection that was full takes bytes again. */
  drained(): void;
  /** The peer reads no more: what is kept is dropped. */
  drop(): void;
}

/**
 * One direction of one stream. A window of credit besides the connection's own backpressure, because a signal, a
 * resize or the other stream must get through while a stream stands still. The connection's own as well, because a
 * peer may grant what it never reads.
 */
export function createOutgoing(stream: number, send: SendFrame, source: FlowSource): Outgoing {
  let credit: number = frameLimits.windowBytes;
  let kept: Uint8Array | undefined;
  const more = createBlocks();
  let isFull = false;
  let paused = false;
  let ending = false;
  let ended = false;
  let waiting: (() => void)[] = [];

  const flush = (): void => {
    while (credit > 0 && !isFull && kept !== undefined) {
      const part = kept.subarray(0, Math.min(credit, frameLimits.dataBytes));
      kept = part.length === kept.length ? more.shift() : kept.subarray(part.length);
      credit -= part.length;
      if (send(frameKind.data, stream, part) === false) isFull = true;
    }
    if (kept !== undefined && !paused) {
      paused = true;
      source.pause();
    } else if (kept === undefined && paused) {
      paused = false;
      source.resume();
    }
    if (kept === undefined && ending && !ended) {
      ended = true;
      send(frameKind.end, stream, nothing);
    }
    if (!ended) return;
    const told = waiting;
    waiting = [];
    for (const onEnded of told) onEnded();
  };

  return {
    push: (bytes) => {
      if (ending || bytes.length === 0) return;
      if (kept === undefined) kept = bytes;
      else more.push(bytes);
      flush();
    },
    end: (onEnded) => {
      ending = true;
      if (onEnded !== undefined) waiting.push(onEnded);
      flush();
    },
    grant: (payload) => {
      const granted = numberAt(payload, 0);
      // A peer that grants nonsense gets no more than a window.
      if (granted > 0) credit = Math.min(credit + granted, frameLimits.windowBytes);
      flush();
    },
    drained: () => {
      isFull = false;
      flush();
    },
    drop: () => {
      kept = undefined;
      more.clear();
      ending = true;
      ended = true;
      flush();
    },
  };
}

/** Where the bytes of an incoming stream go; `done` is called once they are passed on. */
export interface FlowSink {
  write(bytes: Uint8Array, done: () => void): void;
  end(): void;
}

export interface Incoming {
  /** undefined, or what the peer did wrong. */
  take(bytes: Uint8Array): string | undefined;
  end(): void;
  /** The sink is gone: the peer is told, and what is on its way is dropped. */
  shut(): void;
}

/** Credit is given back in pieces of this size, so that small writes do not cost a frame each. */
const grantBytes = frameLimits.windowBytes / 8;

export function createIncoming(stream: number, send: SendFrame, sink: FlowSink): Incoming {
  /** One piece at a time is with the sink; what comes meanwhile becomes few large ones, however it comes. */
  const blocks = createBlocks();
  let isWriting = false;
  let outstanding = 0;
  let passedOn = 0;
  let ending = false;
  let ended = false;
  let shut = false;
  const grant = (length: number): void => {
    passedOn += length;
    if (ending || shut || passedOn < grantBytes) return;
    const payload = new Uint8Array(4);
    putNumber(payload, 0, passedOn);
    outstanding -= passedOn;
    passedOn = 0;
    send(frameKind.credit, stream, payload);
  };
  const pass = (bytes: Uint8Array): void => {
    isWriting = true;
    sink.write(bytes, () => {
      isWriting = false;
      grant(bytes.length);
      next();
    });
  };
  /** The sink is told of the end behind the last piece, not when that was passed on. */
  const endIfLast = (): void => {
    if (!ending || ended || !blocks.isEmpty()) return;
    ended = true;
    sink.end();
  };
  const next = (): void => {
    const bytes = isWriting ? undefined : blocks.shift();
    if (bytes === undefined) return;
    pass(bytes);
    endIfLast();
  };
  return {
    take: (bytes) => {
      if (ending || shut) return undefined;
      outstanding += bytes.length;
      if (outstanding > frameLimits.windowBytes) return "more bytes than were asked for";
      if (isWriting || !blocks.isEmpty()) blocks.push(bytes);
      else pass(bytes);
      return undefined;
    },
    end: () => {
      if (ending || shut) return;
      ending = true;
      endIfLast();
    },
    shut: () => {
      if (shut || ending) return;
      shut = true;
      blocks.clear();
      send(frameKind.shut, stream, nothing);
    },
  };
}
