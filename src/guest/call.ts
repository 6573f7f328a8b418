import { createIncoming, createOutgoing, type Incoming, type Outgoing } from "../shared/bridge-flow.ts";
import { frameKind, streamId } from "../shared/bridge-frame.ts";
import {
  type ErrorMessage,
  type ExecRequest,
  type ExitMessage,
  readError,
  readExit,
} from "../shared/bridge-messages.ts";
import { openBridge } from "./connection.ts";
import type { Output } from "./outputs.ts";

/** Bytes for the host; paused while it does not take them. */
export interface Input {
  start(to: { readonly bytes: (bytes: Uint8Array) => void; readonly end: () => void }): void;
  pause(): void;
  resume(): void;
  stop(): void;
}

export type Outcome =
  /** `unwritten`: a clause, something of what it wrote is lost here, which its program does not know. */
  | { readonly kind: "exit"; readonly end: ExitMessage; readonly unwritten?: string | undefined }
  | { readonly kind: "error"; readonly error: ErrorMessage }
  | { readonly kind: "lost"; readonly why: string };

export interface CallStreams {
  /** By the numbers of streamId. */
  readonly inputs: ReadonlyMap<number, Input>;
  readonly outputs: ReadonlyMap<number, Output>;
}

export interface RunningCall {
  readonly outcome: Promise<Outcome>;
  signal(name: string): void;
  resize(columns: number, rows: number): void;
  /** Nobody here reads the stream any more. */
  shut(stream: number): void;
}

const parse = (payload: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(payload).toString("utf8"));
  } catch {
    return undefined;
  }
};

/** Makes a call. Its outcome comes after every byte of it was handed to the outputs. */
export function startCall(request: ExecRequest, { inputs, outputs }: CallStreams): RunningCall {
  const outgoing = new Map<number, Outgoing>();
  const incoming = new Map<number, Incoming>();
  let settle: (outcome: Outcome) => void = () => {};
  const outcome = new Promise<Outcome>((resolve) => {
    settle = resolve;
  });
  const over = (result: Outcome): void => {
    for (const input of inputs.values()) input.stop();
    bridge.close();
    settle(result);
  };
  /**
   * Not before the program runs: the host reads no more than a little of a call that waits for its turn, and would not
   * hear that this end is gone.
   */
  const startInputs = (): void => {
    for (const [stream, input] of inputs) {
      const flow = outgoing.get(stream);
      if (flow) input.start({ bytes: (bytes) => flow.push(bytes), end: () => flow.end() });
    }
  };
  const bridge = openBridge(frameKind.exec, request, {
    lost: (why) => over({ kind: "lost", why }),
    data: (stream, bytes) => {
      const why = incoming.get(stream)?.take(bytes);
      if (why !== undefined) over({ kind: "lost", why: `the host sent ${why}` });
    },
    frame: (kind, stream, payload) => {
      if (kind === frameKind.started) startInputs();
      else if (kind === frameKind.credit) outgoing.get(stream)?.grant(payload);
      else if (kind === frameKind.end) incoming.get(stream)?.end();
      else if (kind === frameKind.shut) {
        outgoing.get(stream)?.drop();
        inputs.get(stream)?.stop();
      } else if (kind === frameKind.exit) over({ kind: "exit", end: readExit(parse(payload)) });
      else if (kind === frameKind.error) over({ kind: "error", error: readError(parse(payload)) });
    },
  });
  for (const [stream, output] of outputs) {
    incoming.set(stream, createIncoming(stream, bridge.send, output));
  }
  for (const [stream, input] of inputs) {
    const flow = createOutgoing(stream, bridge.send, input);
    outgoing.set(stream, flow);
  }
  return {
    outcome,
    signal: (name) => bridge.send(frameKind.signal, 0, Buffer.from(name)),
    resize: (columns, rows) =>
      bridge.send(
        frameKind.resize,
        streamId.terminal,
        Uint8Array.of(columns >> 8, columns & 255, rows >> 8, rows & 255),
      ),
    shut: (stream) => incoming.get(stream)?.shut(),
  };
}
