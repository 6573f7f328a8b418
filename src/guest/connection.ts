import { connect, type Socket } from "node:net";
import { createFrameReader, frameHeader, frameKind } from "../shared/bridge-frame.ts";
import { bridgeHello, bridgeHelloMaxBytes, bridgeMagic, bridgeVersion } from "../shared/bridge-hello.ts";

/** Where sshd puts the bridge; another place for tests. */
export const bridgeSocketPath = process.env.ASCALON_BRIDGE_SOCKET || "/run/ascalon/bridge.sock";

const hostKinds = [
  frameKind.data,
  frameKind.end,
  frameKind.shut,
  frameKind.credit,
  frameKind.started,
  frameKind.exit,
  frameKind.error,
  frameKind.answer,
];

/** How long the host may take for its hello. The call itself may take any time. */
const helloTimeoutMs = 10_000;

export interface BridgeHandlers {
  frame(kind: number, stream: number, payload: Uint8Array): void;
  data(stream: number, bytes: Uint8Array): void;
  /** Once: there is no connection, or none any more. One sentence without a final period. */
  lost(why: string): void;
}

export interface BridgeConnection {
  send(kind: number, stream: number, payload: Uint8Array): void;
  close(): void;
}

function whyNot(code: string | undefined): string {
  if (code === "ENOENT")
    return `there is no bridge to the host (${bridgeSocketPath} is missing; on the host: ascalon status)`;
  if (code === "ECONNREFUSED")
    return "nothing answers at the bridge to the host (on the host: ascalon status)";
  return `the bridge to the host cannot be used: ${code ?? "unknown"}`;
}

const silent = "the bridge is there and the host does not answer (on the host: ascalon status)";
const cut = "the bridge to the host was cut while the command ran";

/** What is wrong with the host's hello; undefined when it is ours. */
function problemOf(line: string): string | undefined {
  if (!line.startsWith(`${bridgeMagic} `)) return "what answers at the bridge is not ascalon";
  const theirs = line.slice(bridgeMagic.length + 1);
  if (theirs === String(bridgeVersion)) return undefined;
  return `the host's bridge has version ${theirs}, this one ${bridgeVersion}: update the older side`;
}

/** How long a full queue at sshd's socket is left alone before the next try. */
const againMs = 20;

/** Connects and says hello and the request at once: a call costs one round trip before it begins. */
export function openBridge(kind: number, request: unknown, handlers: BridgeHandlers): BridgeConnection {
  let socket: Socket;
  let hello: Buffer | undefined = Buffer.alloc(0);
  let connected = false;
  let over = false;
  const lost = (why: string): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    socket.destroy();
    handlers.lost(why);
  };
  const timer = setTimeout(() => lost("the host does not answer at the bridge"), helloTimeoutMs);
  const reader = createFrameReader(hostKinds, {
    onData: (stream, bytes) => handlers.data(stream, bytes),
    onFrame: (frame, stream, payload) => handlers.frame(frame, stream, payload),
  });
  // Kept until there is a connection: a try that failed must not take them along.
  let before: Uint8Array[] | undefined = [Buffer.from(bridgeHello(bridgeVersion))];
  const write = (bytes: Uint8Array): void => {
    if (before) before.push(bytes);
    else socket.write(bytes);
  };
  const send: BridgeConnection["send"] = (frame, stream, payload) => {
    if (over) return;
    write(frameHeader(frame, stream, payload.length));
    if (payload.length > 0) write(payload);
  };
  const onHello = (chunk: Buffer): void => {
    hello = Buffer.concat([hello ?? Buffer.alloc(0), chunk]);
    const end = hello.indexOf("\n");
    if (end < 0 && hello.length < bridgeHelloMaxBytes) return;
    const why = problemOf(hello.toString("latin1", 0, Math.max(end, 0)));
    if (why !== undefined) {
      lost(why);
      return;
    }
    clearTimeout(timer);
    const rest = hello.subarray(end + 1);
    hello = undefined;
    if (rest.length > 0) onBytes(rest);
  };
  const onBytes = (chunk: Buffer): void => {
    const why = reader.push(chunk);
    if (why !== undefined) lost(`the host's answer makes no sense: ${why}`);
  };
  const begin = (): void => {
    let again = false;
    socket = connect(bridgeSocketPath);
    socket.on("connect", () => {
      connected = true;
      const parts = before ?? [];
      before = undefined;
      for (const part of parts) socket.write(part);
    });
    socket.on("data", (chunk: Buffer) => (hello ? onHello(chunk) : onBytes(chunk)));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      // sshd lets 128 wait to be accepted; more are turned away at once.
      again = !connected && error.code === "EAGAIN";
      if (!connected && !again) lost(whyNot(error.code));
    });
    socket.on("close", () => {
      if (again && !over) setTimeout(() => !over && begin(), againMs);
      else lost(hello ? silent : cut);
    });
  };
  begin();
  send(kind, 0, Buffer.from(JSON.stringify(request)));
  return {
    send,
    close: () => {
      over = true;
      clearTimeout(timer);
      socket.destroy();
    },
  };
}
