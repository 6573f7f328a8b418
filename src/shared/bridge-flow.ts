import { frameKind, frameLimits, numberAt, putNumber } from "./bridge-frame.ts";

/** Writes one frame to the peer. */
export type SendFrame = (kind: number, stream: number, payload: Uint8Array) => void;

const nothing = new Uint8Array(0);

/** Where the bytes of an outgoing stream come from. */
export interface FlowSource {
  pause(): void;
  resume(): void;
}

export interface Outgoing {
  /** Sends what the peer's credit allows and keeps the rest, of one chunk at most: the source is paused meanwhile. */
  push(bytes: Uint8Array): void;
  /** No more bytes; told to the peer after those that are kept. `onEnded` is called once that is done. */
  end(onEnded?: () => void): void;
  /** A credit frame's payload. */
  grant(payload: Uint8Array): void;
  /** The peer reads no more: what is kept is dropped. */
  drop(): void;
}

/**
 * One direction of one stream. A window of credit instead of the connection's own backpressure, because a signal, a
 * resize or the other stream must get through while a stream stands still.
 */
export function createOutgoing(stream: number, send: SendFrame, source: FlowSource): Outgoing {
  let credit: number = frameLimits.windowBytes;
  let kept: Uint8Array[] = [];
  let paused = false;
  let ending = false;
  let ended = false;
  let waiting: (() => void)[] = [];

  const flush = (): void => {
    while (credit > 0 && kept.length > 0) {
      const first = kept[0] ?? nothing;
      const part = first.subarray(0, Math.min(credit, frameLimits.dataBytes));
      if (part.length === first.length) kept.shift();
      else kept[0] = first.subarray(part.length);
      credit -= part.length;
      send(frameKind.data, stream, part);
    }
    if (kept.length > 0 && !paused) {
      paused = true;
      source.pause();
    } else if (kept.length === 0 && paused) {
      paused = false;
      source.resume();
    }
    if (kept.length === 0 && ending && !ended) {
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
      kept.push(bytes);
      flush();
    },
    end: (onEnded) => {
      ending = true;
      if (onEnded !== undefined) waiting.push(onEnded);
      flush();
    },
    grant: (payload) => {
      const more = numberAt(payload, 0);
      // A peer that grants nonsense gets no more than a window.
      if (more > 0) credit = Math.min(credit + more, frameLimits.windowBytes);
      flush();
    },
    drop: () => {
      kept = [];
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
  let outstanding = 0;
  let passedOn = 0;
  let closed = false;
  const done = (length: number): void => {
    passedOn += length;
    if (closed || passedOn < grantBytes) return;
    const payload = new Uint8Array(4);
    putNumber(payload, 0, passedOn);
    outstanding -= passedOn;
    passedOn = 0;
    send(frameKind.credit, stream, payload);
  };
  return {
    take: (bytes) => {
      if (closed) return undefined;
      outstanding += bytes.length;
      if (outstanding > frameLimits.windowBytes) return "more bytes than were asked for";
      sink.write(bytes, () => done(bytes.length));
      return undefined;
    },
    end: () => {
      if (closed) return;
      closed = true;
      sink.end();
    },
    shut: () => {
      if (closed) return;
      closed = true;
      send(frameKind.shut, stream, nothing);
    },
  };
}
