import { write } from "node:fs";

/** Where bytes from the host go. */
export interface Output {
  write(bytes: Uint8Array, done: () => void): void;
  end(): void;
}

/** An output of which it is known when all is written, and whether it was. */
export interface Descriptor extends Output {
  settled(): Promise<void>;
  /** A clause without a period: something could not be written, and not because nobody reads it. */
  failure(): string | undefined;
}

const names: Readonly<Record<number, string>> = { 1: "stdout", 2: "stderr" };

/** How long a full pipe that somebody made non-blocking is left alone before the next try. */
const againMs = 5;

/**
 * Writes to a descriptor from a thread of Node's pool: unlike process.stdout it neither blocks signals nor makes a
 * descriptor non-blocking that others share. `onGone` is called when nobody reads (any more).
 */
export function descriptorOutput(fd: number, onGone: () => void): Descriptor {
  const queue: { bytes: Uint8Array; readonly done: () => void }[] = [];
  const waiting: (() => void)[] = [];
  let gone = false;
  let failure: string | undefined;
  let writing = false;
  const next = (): void => {
    const [first] = queue;
    if (!first) {
      writing = false;
      for (const resolve of waiting.splice(0)) resolve();
      return;
    }
    writing = true;
    write(fd, first.bytes, 0, first.bytes.length, null, (error, written) => {
      if (error?.code === "EAGAIN") {
        setTimeout(next, againMs);
        return;
      }
      if (error && !gone) {
        gone = true;
        if (error.code !== "EPIPE")
          failure = `${names[fd] ?? "the terminal"} cannot be written: ${error.code}`;
        onGone();
      }
      if (!error && written < first.bytes.length) first.bytes = first.bytes.subarray(written);
      else queue.shift()?.done();
      next();
    });
  };
  return {
    write: (bytes, done) => {
      if (gone) {
        done();
        return;
      }
      queue.push({ bytes, done });
      if (!writing) next();
    },
    end: () => {},
    failure: () => failure,
    settled: () => (writing ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
  };
}

/** Keeps everything, up to a limit; beyond it `tooMuch` is called. */
export function collectingOutput(maxBytes: number, tooMuch: () => void): Output & { bytes(): Buffer } {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    write: (bytes, done) => {
      length += bytes.length;
      if (length > maxBytes) tooMuch();
      else chunks.push(bytes);
      done();
    },
    end: () => {},
    bytes: () => Buffer.concat(chunks),
  };
}
