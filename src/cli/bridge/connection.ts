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
  /** False: no more data is to come until the call is told that the connection has drained. */
  send(kind: number, stream: number, payload: Uint8Array): boolean;
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
 * What a client may send before its call has begun: signals and resizes, of streams nothing. The connection is read all
 * the time, because only then its end is heard; hundreds of calls may wait for their turn.
 */
const heldBytesMost = 64 * 1024;

/** So much waits to be sent at most, besides what is not data. */
const fullBytes = 256 * 1024;

/**
 * Data stops at `fullBytes` and one frame a stream. What else is sent answers what the client sends, credit above all: one
 * that gives and takes nothing is cut.
 */
const unreadBytesMost = 480 * 1024;

/** A frame with less is sent in one piece: each piece takes some memory while it waits. */
const smallBytes = 4 * 1024;

const parsed = (payload: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(payload).toString("utf8"));
  } catch {
    return undefined;
  }
};

/**
 * `unheard`: it has not said what it wants. `over`: its last bytes are on their way. `told`: nothing is left to send, and
 * its client has not gone yet.
 */
export type Stage = "unheard" | "busy" | "over" | "told";

export interface Connection {
  stage(): Stage;
}

/** Made once: an abort without a reason makes one with a stack each time, which floods of connections would pay for. */
const left = new Error("the client is gone");

/** Serves one connection: hello, one request, then the frames of its call. The first mistake ends it. */
export function serveConnection(socket: BridgeSocket, handlers: ConnectionHandlers): Connection {
  const gone = new AbortController();
  let call: Call | undefined;
  let state: "new" | "deciding" | "running" | "over" = "new";
  // Of the whole request, or of the whole rest: a byte now and then does not prolong it.
  let timer = setTimeout(() => socket.destroy(), bridgeLimits.requestMs).unref();

  const client: Client = {
    gone: gone.signal,
    send: (kind, stream, payload) => {
      if (gone.signal.aborted || state === "over") return true;
      if (socket.writableLength > unreadBytesMost) {
        socket.destroy();
        return true;
      }
      const header = frameHeader(kind, stream, payload.length);
      const isSmall = payload.length <= smallBytes;
      socket.write(isSmall ? Buffer.concat([header, payload]) : header);
      if (!isSmall) socket.write(payload);
      return socket.writableLength <= fullBytes;
    },
    finish: (kind, value) => {
      if (state === "over") return;
      client.send(kind, 0, Buffer.from(JSON.stringify(value)));
      state = "over";
      socket.end();
      // A client that does not take what it is sent does not keep the connection.
      clearTimeout(timer);
      timer = setTimeout(() => socket.destroy(), bridgeLimits.lastBytesMs).unref();
    },
    fail: (code, message) => client.finish(frameKind.error, { code, message }),
  };
  const broken = (why: string): void => {
    if (state === "over") return;
    handlers.malformed(why);
    client.fail("malformed", why);
    call?.abandon();
    gone.abort(left);
  };
  const deliver = (kind: number, stream: number, payload: Uint8Array): void => {
    const why =
      kind === frameKind.data ? call?.onData(stream, payload) : call?.onFrame(kind, stream, payload);
    if (why !== undefined) broken(why);
  };
  const begin = async (payload: Uint8Array): Promise<void> => {
    const request = readExec(parsed(payload));
    if (!request) return broken("not a valid request");
    clearTimeout(timer);
    call = await handlers.exec(request, client);
    if (!call) return;
    // The client went away, or broke the protocol, while the call began.
    if (gone.signal.aborted || state !== "deciding") return call.abandon();
    state = "running";
    const why = reader.release();
    if (why !== undefined) broken(why);
  };
  const onFrame = (kind: number, stream: number, payload: Uint8Array): void => {
    if (state === "over") return;
    if (state === "running") {
      deliver(kind, stream, payload);
      return;
    }
    if (kind !== frameKind.exec && kind !== frameKind.ask) {
      broken("a frame before the request");
      return;
    }
    // One request a connection: what follows is the call's, and of no interest to a question.
    state = "deciding";
    reader.hold(heldBytesMost);
    if (kind === frameKind.ask) handlers.ask(parsed(payload), client);
    else void begin(payload).catch((error: unknown) => client.fail("failed", String(error)));
  };
  const reader = createFrameReader(clientKinds, {
    onData: (stream, bytes) => onFrame(frameKind.data, stream, bytes),
    onFrame,
  });
  awaitHello(socket, {
    bytes: (chunk) => {
      if (state === "over") return;
      const why = reader.push(chunk);
      if (why !== undefined) broken(why);
    },
    malformed: () => handlers.malformed("no hello"),
  });
  socket.on("drain", () => call?.drained());
  socket.on("close", () => {
    clearTimeout(timer);
    gone.abort(left);
    if (state !== "over") call?.abandon();
    state = "over";
  });
  const stage = (): Stage => {
    if (state === "new") return "unheard";
    if (state !== "over") return "busy";
    return socket.writableLength === 0 ? "told" : "over";
  };
  return { stage };
}
