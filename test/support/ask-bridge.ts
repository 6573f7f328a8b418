import { connect } from "node:net";
import { createFrameReader, frameHeader, frameKind } from "../../src/shared/bridge-frame.ts";
import { bridgeHello } from "../../src/shared/bridge-hello.ts";
import { type BridgeStatus, readBridgeStatus } from "../../src/shared/bridge-messages.ts";

export interface RawFrame {
  readonly kind: number;
  readonly stream: number;
  readonly payload: Buffer;
}

export const frame = (kind: number, payload: Uint8Array | string = "", stream = 0): Buffer => {
  const body = Buffer.from(payload as string);
  return Buffer.concat([frameHeader(kind, stream, body.length), body]);
};

export const hello = Buffer.from(bridgeHello(1));

const everyKind = Object.values(frameKind);

/** Sends bytes and collects the frames that come back until the other side closes. */
export function rawCall(path: string, ...parts: readonly Uint8Array[]): Promise<readonly RawFrame[]> {
  return new Promise((resolve) => {
    const frames: RawFrame[] = [];
    const socket = connect(path);
    let head: Buffer | undefined = Buffer.alloc(0);
    const take = (kind: number, stream: number, payload: Uint8Array): void =>
      void frames.push({ kind, stream, payload: Buffer.from(payload) });
    const reader = createFrameReader(everyKind, {
      onData: (stream, bytes) => take(frameKind.data, stream, bytes),
      onFrame: take,
    });
    socket.on("data", (chunk) => {
      let rest: Buffer = chunk;
      if (head) {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf("\n");
        if (end < 0) return;
        rest = head.subarray(end + 1);
        head = undefined;
      }
      if (rest.length > 0) reader.push(rest);
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(frames));
    for (const part of parts) socket.write(part);
  });
}

export async function askStatus(path: string): Promise<BridgeStatus> {
  const frames = await rawCall(path, hello, frame(frameKind.ask, '"status"'));
  return readBridgeStatus(JSON.parse(frames.at(-1)?.payload.toString("utf8") ?? "null"));
}
