import type { Readable } from "node:stream";
import type { Input } from "./call.ts";

/** A stream as the source of bytes. Its end is the end of the input, an error too. */
export function streamInput(stream: Readable): Input {
  return {
    start: ({ bytes, end }) => {
      stream.on("data", bytes);
      stream.once("end", end);
      stream.once("error", end);
    },
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    stop: () => {
      stream.removeAllListeners("data");
      stream.pause();
      stream.destroy();
    },
  };
}

export function bytesInput(content: Uint8Array): Input {
  return {
    start: ({ bytes, end }) => {
      bytes(content);
      end();
    },
    pause: () => {},
    resume: () => {},
    stop: () => {},
  };
}
