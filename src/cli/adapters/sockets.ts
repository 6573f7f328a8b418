import { connect, type NetConnectOpts } from "node:net";

/**
 * What one question to a socket brought. Each outcome means another thing to a person, so none is an exception:
 * nobody ever listened, somebody did and is gone, somebody accepts and says nothing, hangs up, or answers.
 */
export type SocketReply =
  /** No such path. */
  | { readonly kind: "absent" }
  /** Nobody accepts; `code` is ECONNREFUSED, or what the system said instead (EACCES, ENOTSOCK, …). */
  | { readonly kind: "refused"; readonly code: string }
  /** Accepted, and not one byte within the time. Also a connect() that never ended. */
  | { readonly kind: "silent" }
  /** Accepted, and closed or reset before the first byte. */
  | { readonly kind: "closed" }
  /** `ended`: the peer closed after these bytes; otherwise enough was read, or the time ran out. */
  | { readonly kind: "data"; readonly bytes: Buffer; readonly ended: boolean };

export interface ReadLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Asked after each piece; true ends the reading. */
  readonly until?: (bytes: Buffer) => boolean;
}

function read(to: NetConnectOpts, request: Uint8Array | undefined, limits: ReadLimits): Promise<SocketReply> {
  return new Promise((resolve) => {
    const socket = connect(to);
    let bytes: Buffer = Buffer.alloc(0);
    let connected = false;
    const finish = (reply: SocketReply) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reply);
    };
    const soFar = (ended: boolean): SocketReply | undefined =>
      bytes.length > 0 ? { kind: "data", bytes: bytes.subarray(0, limits.maxBytes), ended } : undefined;
    // In a busy process the time is over before what came meanwhile was looked at.
    const late = (): void => finish(soFar(false) ?? { kind: "silent" });
    const timer = setTimeout(() => setImmediate(late), limits.timeoutMs);
    socket.once("connect", () => {
      connected = true;
      if (request) socket.write(request);
    });
    socket.on("data", (piece: Buffer) => {
      bytes = bytes.length === 0 ? piece : Buffer.concat([bytes, piece]);
      if (bytes.length >= limits.maxBytes || limits.until?.(bytes))
        finish({ kind: "data", bytes, ended: false });
    });
    socket.once("end", () => finish(soFar(true) ?? { kind: "closed" }));
    socket.once("error", (error: NodeJS.ErrnoException) => {
      const code = error.code ?? error.message;
      if (connected) finish(soFar(true) ?? { kind: "closed" });
      else if (code === "ENOENT" || code === "ENOTDIR") finish({ kind: "absent" });
      else finish({ kind: "refused", code });
    });
  });
}

const newline = 0x0a;

/** The first line a server on a loopback port says by itself, such as sshd's `SSH-2.0-…`. */
export function probeTcpBanner(port: number, limits: ReadLimits): Promise<SocketReply> {
  return read({ host: "127.0.0.1", port }, undefined, {
    until: (bytes) => bytes.includes(newline),
    ...limits,
  });
}

/** Sends the bytes to a unix socket and reads the answer, until it is long enough, ends, or the time is over. */
export function exchange(path: string, request: Uint8Array, limits: ReadLimits): Promise<SocketReply> {
  return read({ path }, request.length > 0 ? request : undefined, limits);
}
