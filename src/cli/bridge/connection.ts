import { createFrameReader, frameHeader, frameKind } from "../../shared/bridge-frame.ts";
import { type BridgeErrorCode, type ExecRequest, readExec } from "../../shared/bridge-messages.ts";
import type { Call } from "./call.ts";
import { bridgeLimits } from "./counters.ts";
import { awaitHello, type BridgeSocket } from "./endpoint.ts";

const clientKinds = [
  frameKind.exec,
  frameKind.ask,
  frameKind.data,
  frameKind.end,
  frameKind.shut,
  frameKind.credit,
  frameKind.resize,
  frameKind.signal,
];

/** The client's side of one connection, for the server. */
export interface Client {
  send(kind: number, stream: number, payload: Uint8Array): void;
  /** Sends the last frame and closes. */
  finish(kind: number, value: unknown): void;
  fail(code: BridgeErrorCode, message: string): void;
  /** Aborted when the client is gone. */
  readonly gone: AbortSignal;
}

export interface ConnectionHandlers {
  /** The request; what comes before the call is there is held. */
  exec(request: ExecRequest, client: Client): Promise<Call | undefined>;
  ask(question: unknown, client: Client): void;
  malformed(why: string): void;
}

/**
 * What a client may send before its call has begun. After so many bytes it is read no more until then: hundreds of calls
 * may wait for their turn. Each piece counts as more than its bytes, because it takes more.
 */
const heldBytesMost = 16 * 1024;
const pieceBytes = 256;

const parsed = (payload: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(payload).toString("utf8"));
  } catch {
    return undefined;
  }
};

/** Serves one connection: hello, one request, then the frames of its call. The first mistake ends it. */
export function serveConnection(socket: BridgeSocket, handlers: ConnectionHandlers): void {
  const gone = new AbortController();
  let call: Call | undefined;
  let state: "new" | "deciding" | "running" | "over" = "new";
  let heldBytes = 0;

  const client: Client = {
    gone: gone.signal,
    send: (kind, stream, payload) => {
      if (gone.signal.aborted || state === "over") return;
      socket.write(frameHeader(kind, stream, payload.length));
      if (payload.length > 0) socket.write(payload);
    },
    finish: (kind, value) => {
      client.send(kind, 0, Buffer.from(JSON.stringify(value)));
      state = "over";
      // Its end is heard only of a socket that is read.
      socket.resume();
      socket.end();
      // A client that does not take what it is sent does not keep the connection.
      socket.setTimeout(bridgeLimits.lastBytesMs, () => socket.destroy());
    },
    fail: (code, message) => client.finish(frameKind.error, { code, message }),
  };
  const broken = (why: string): void => {
    if (state === "over") return;
    handlers.malformed(why);
    client.fail("malformed", why);
    call?.abandon();
  };
  const deliver = (kind: number, stream: number, payload: Uint8Array): void => {
    const why =
      kind === frameKind.data ? call?.onData(stream, payload) : call?.onFrame(kind, stream, payload);
    if (why !== undefined) broken(why);
  };
  const begin = async (payload: Uint8Array): Promise<void> => {
    const request = readExec(parsed(payload));
    if (!request) return broken("a request that is none");
    state = "deciding";
    reader.hold();
    socket.setTimeout(0, () => {});
    call = await handlers.exec(request, client);
    if (!call) return;
    // The client went away, or broke the protocol, while the call began.
    if (gone.signal.aborted || state !== "deciding") return call.abandon();
    state = "running";
    const why = reader.release();
    if (why !== undefined) broken(why);
    socket.resume();
  };
  const onFrame = (kind: number, stream: number, payload: Uint8Array): void => {
    if (state === "over") return;
    if (state === "running") {
      deliver(kind, stream, payload);
      return;
    }
    if (kind === frameKind.exec)
      void begin(payload).catch((error: unknown) => client.fail("failed", String(error)));
    else if (kind === frameKind.ask) handlers.ask(parsed(payload), client);
    else broken("a frame before the request");
  };
  const reader = createFrameReader(clientKinds, {
    onData: (stream, bytes) => onFrame(frameKind.data, stream, bytes),
    onFrame,
  });
  socket.setTimeout(bridgeLimits.requestMs, () => socket.destroy());
  awaitHello(socket, {
    bytes: (chunk) => {
      if (state === "over") return;
      const isHeld = state === "deciding";
      const why = reader.push(chunk);
      if (why !== undefined) broken(why);
      if (!isHeld) return;
      heldBytes += chunk.length + pieceBytes;
      if (heldBytes > heldBytesMost) socket.pause();
    },
    malformed: () => handlers.malformed("no hello"),
  });
  socket.on("close", () => {
    gone.abort();
    if (state !== "over") call?.abandon();
    state = "over";
  });
}
