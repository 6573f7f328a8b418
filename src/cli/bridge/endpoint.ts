import { bridgeHello, bridgeHelloMaxBytes, bridgeMagic, bridgeVersion } from "../../shared/bridge-hello.ts";

/** As much of a connection as the hello needs. */
export interface BridgeSocket {
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  write(text: string): unknown;
  destroy(): unknown;
  setTimeout(ms: number, onTimeout: () => void): unknown;
}

const helloTimeoutMs = 5_000;

/**
 * The host's end of the bridge, as far as it goes: it says hello to who says hello, and closes on everything
 * else. Nothing a guest sends is executed.
 */
export function greetBridge(socket: BridgeSocket): void {
  let heard = "";
  socket.setTimeout(helloTimeoutMs, () => socket.destroy());
  socket.on("data", (chunk) => {
    heard += Buffer.from(chunk).toString("latin1");
    const end = heard.indexOf("\n");
    if (end < 0 && heard.length <= bridgeHelloMaxBytes) return;
    if (end >= 0 && heard.startsWith(`${bridgeMagic} `)) socket.write(bridgeHello(bridgeVersion));
    else socket.destroy();
    heard = "";
  });
}
