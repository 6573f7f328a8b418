import { connect } from "node:net";
import { afterAwake } from "./clock.ts";

/** How a short dialogue over a unix socket ended. */
export type Conversation<T> =
  | { readonly kind: "answer"; readonly value: T; readonly rttMs: number }
  /** No file at the path. */
  | { readonly kind: "absent" }
  /** A file without a listener, or one that may not be used; `code` is the system's. */
  | { readonly kind: "refused"; readonly code: string }
  /** Accepted, then ended before the answer: a forward whose far end has no listener looks like this. */
  | { readonly kind: "closed" }
  /** Accepted, and no answer in time; `connected` false: not even accepted. */
  | { readonly kind: "silent"; readonly connected?: false };

/** What sun_path holds without its final NUL: 104 bytes on macOS, 108 on Linux. */
export const maxSocketPathBytes = (platform: string): number => (platform === "darwin" ? 103 : 107);

export interface ConverseOptions {
  /** A unix socket's path, or a TCP endpoint on this machine. */
  readonly to: string | { readonly host: string; readonly port: number };
  readonly request: Uint8Array;
  readonly timeoutMs: number;
}

export type Converse = typeof converse;

/**
 * Connects, writes `request`, hands every chunk to `read` until that returns an answer, and closes. Nothing is
 * kept of what was read: a reader bounds its own memory. `rttMs` counts from the connect call.
 */
export function converse<T>(
  { to, request, timeoutMs }: ConverseOptions,
  read: (chunk: Uint8Array) => T | undefined,
): Promise<Conversation<T>> {
  // libuv cuts a longer path off without a word and would connect to another file.
  if (typeof to === "string" && Buffer.byteLength(to) > maxSocketPathBytes(process.platform)) {
    return Promise.resolve({ kind: "refused", code: "ENAMETOOLONG" });
  }
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const socket = typeof to === "string" ? connect({ path: to }) : connect(to);
    let connected = false;
    const end = (outcome: Conversation<T>): void => {
      timer.cancel();
      socket.destroy();
      resolve(outcome);
    };
    const silent = (): void => end(connected ? { kind: "silent" } : { kind: "silent", connected: false });
    // In a busy process the time is over before what came meanwhile was looked at, and so it is after a sleep.
    const timer = afterAwake(timeoutMs, () => setImmediate(silent));
    socket.on("connect", () => {
      connected = true;
      if (request.length > 0) socket.write(request);
    });
    socket.on("data", (chunk) => {
      const value = read(chunk);
      if (value !== undefined) end({ kind: "answer", value, rttMs: performance.now() - startedAt });
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (connected) end({ kind: "closed" });
      else if (error.code === "ENOENT" || error.code === "ENOTDIR") end({ kind: "absent" });
      else end({ kind: "refused", code: error.code ?? "unknown" });
    });
    socket.on("close", () => end({ kind: "closed" }));
  });
}
