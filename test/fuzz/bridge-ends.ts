import { EventEmitter } from "node:events";
import type { Readable, Writable } from "node:stream";
import type { BridgeSocket } from "../../src/cli/bridge/endpoint.ts";

/** Both ends that the server stands between, slow and greedy as they come, and what they hold. */
export interface FuzzSocket {
  readonly socket: BridgeSocket;
  emit(event: "data" | "close", chunk?: Uint8Array): void;
  /** The peer reads what was sent. */
  read(): void;
  isClosed(): boolean;
}

/** More than what may wait to be sent: a window of credit is no excuse. */
const waitingMost = 512 * 1024;

export function fuzzSocket(onProblem: (what: string) => void): FuzzSocket {
  const events = new EventEmitter();
  let waiting = 0;
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    events.emit("close");
  };
  return {
    socket: {
      on: (event: string, listener: (chunk: Uint8Array) => void) => events.on(event, listener),
      write: (bytes) => {
        waiting += bytes.length;
        if (waiting > waitingMost) onProblem(`${waiting} bytes wait to be sent`);
      },
      end: () => setImmediate(close),
      destroy: close,
      get writableLength() {
        return waiting;
      },
    },
    emit: (event, chunk) => void (event === "close" ? close() : events.emit(event, chunk)),
    read: () => {
      if (waiting === 0) return;
      waiting = 0;
      if (!isClosed) events.emit("drain");
    },
    isClosed: () => isClosed,
  };
}

/** A program's stdin that takes a piece now and then, and must not be given a second one meanwhile. */
export function fuzzInput(takes: () => boolean, onProblem: (what: string) => void): Writable {
  let isBusy = false;
  const input = {
    writable: true,
    on: () => input,
    write: (_: Uint8Array, done: () => void) => {
      if (isBusy) onProblem("a second piece for a program that has not taken the first");
      isBusy = true;
      if (!takes()) return;
      setImmediate(() => {
        isBusy = false;
        done();
      });
    },
    end: () => {},
    destroy: () => {},
  };
  return input as unknown as Writable;
}

/** A program's stdout that has so many chunks to say, and says nothing while it is paused. */
export function fuzzOutput(chunks: number): Readable {
  const output = new EventEmitter() as EventEmitter & Record<string, unknown>;
  let isPaused = false;
  let left = chunks;
  const speak = (): void => {
    if (isPaused || left < 0) return;
    left -= 1;
    if (left < 0) output.emit("close");
    else output.emit("data", Buffer.alloc(65_536));
    setImmediate(speak);
  };
  setImmediate(speak);
  return Object.assign(output, {
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      if (!isPaused) return;
      isPaused = false;
      setImmediate(speak);
    },
    destroy: () => {
      if (left >= 0) output.emit("close");
      left = -1;
    },
  }) as unknown as Readable;
}
