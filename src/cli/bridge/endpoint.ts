import { bridgeHello, bridgeHelloMaxBytes, bridgeMagic, bridgeVersion } from "../../shared/bridge-hello.ts";

/** As much of a connection as the hello needs. */
export interface BridgeSocket {
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "close" | "drain", listener: () => void): unknown;
  write(bytes: string | Uint8Array): unknown;
  end(): unknown;
  destroy(): unknown;
  /** Bytes that wait to be sent. */
  readonly writableLength: number;
}

const helloTimeoutMs = 5_000;

/**
 * Hears the hello and answers it, whatever the version: the client tells the person when they differ. What follows
 * in the same version goes to `onBytes`; anything else ends the connection, and nothing of it is executed.
 */
export function awaitHello(
  socket: BridgeSocket,
  on: { readonly bytes: (chunk: Uint8Array) => void; readonly malformed: () => void },
): void {
  let heard: Buffer | undefined = Buffer.alloc(0);
  const giveUp = (): void => {
    socket.destroy();
    on.malformed();
  };
  socket.on("data", (chunk) => {
    if (!heard) {
      on.bytes(chunk);
      return;
    }
    heard = Buffer.concat([heard, chunk]);
    const end = heard.indexOf("\n");
    if (end < 0 && heard.length <= bridgeHelloMaxBytes) return;
    const line = heard.toString("latin1", 0, end);
    if (end < 0 || end >= bridgeHelloMaxBytes || !line.startsWith(`${bridgeMagic} `)) {
      giveUp();
      return;
    }
    const rest = heard.subarray(end + 1);
    socket.write(bridgeHello(bridgeVersion));
    if (line !== bridgeHello(bridgeVersion).trimEnd()) {
      heard = Buffer.alloc(0);
      socket.end();
      return;
    }
    heard = undefined;
    if (rest.length > 0) on.bytes(rest);
  });
}

/** A bridge that only says hello: what stands there when nothing may be called. */
export function greetBridge(socket: BridgeSocket): void {
  const timer = setTimeout(() => socket.destroy(), helloTimeoutMs).unref();
  socket.on("close", () => clearTimeout(timer));
  awaitHello(socket, { bytes: () => socket.destroy(), malformed: () => {} });
}
