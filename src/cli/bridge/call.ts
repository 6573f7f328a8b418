import {
  createIncoming,
  createOutgoing,
  type Incoming,
  type Outgoing,
  type SendFrame,
} from "../../shared/bridge-flow.ts";
import { frameKind, streamId } from "../../shared/bridge-frame.ts";
import type { ExitMessage } from "../../shared/bridge-messages.ts";
import type { CallInput } from "./input-budget.ts";
import type { Program, ProgramEvents, ProgramSpec } from "./program.ts";

/** A call that runs: frames of the client on one side, a program on the other. */
export interface Call {
  /** A frame after `exec`; a clause when the client broke the protocol. */
  onFrame(kind: number, stream: number, payload: Uint8Array): string | undefined;
  onData(stream: number, bytes: Uint8Array): string | undefined;
  /** The connection, which was full, takes data again. */
  drained(): void;
  /** The client is gone. */
  abandon(): void;
}

export interface CallOptions {
  readonly spec: ProgramSpec;
  readonly start: (spec: ProgramSpec, events: ProgramEvents) => Program;
  readonly send: SendFrame;
  readonly input: Pick<CallInput, "take">;
  /** `why`: a clause. The client is told, and then the program is ended. */
  readonly onTooMuch: (why: string) => void;
  readonly onExit: (end: ExitMessage) => void;
  readonly onStartError: (code: string) => void;
}

/** What the guest may send; the program never gets another. */
const signals: readonly string[] = [
  "SIGINT",
  "SIGTERM",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGSTOP",
  "SIGCONT",
];

export function startCall(options: CallOptions): Call {
  const { spec, send } = options;
  const outgoing = new Map<number, Outgoing>();
  const incoming = new Map<number, Incoming>();
  let isCut = false;
  const program = options.start(spec, {
    onData: (stream, bytes) => outgoing.get(stream)?.push(bytes),
    onEnd: (stream) => outgoing.get(stream)?.end(),
    onShut: (stream) => incoming.get(stream)?.shut(),
    onExit: (end) => {
      // Bytes that wait for credit come before the end of the call.
      let waiting = outgoing.size;
      if (waiting === 0) options.onExit(end);
      for (const flow of outgoing.values()) {
        flow.end(() => {
          waiting -= 1;
          if (waiting === 0) options.onExit(end);
        });
      }
    },
    onStartError: options.onStartError,
  });
  const [stdin, stdout, stderr] = spec.streams;
  const hasTerminal = spec.streams.includes("terminal");
  const outputs = [
    ...(stdout === "pipe" ? [streamId.stdout] : []),
    ...(stderr === "pipe" ? [streamId.stderr] : []),
    ...(hasTerminal ? [streamId.terminal] : []),
  ];
  for (const stream of outputs) {
    const source = { pause: () => program.pause(stream), resume: () => program.resume(stream) };
    outgoing.set(stream, createOutgoing(stream, send, source));
  }
  const inputs = [...(stdin === "pipe" ? [streamId.stdin] : []), ...(hasTerminal ? [streamId.terminal] : [])];
  for (const stream of inputs) {
    const sink = {
      write: (bytes: Uint8Array, done: () => void) => program.write(stream, bytes, done),
      end: () => program.endInput(stream),
    };
    incoming.set(stream, createIncoming(stream, send, sink));
  }
  const abandon = (): void => {
    program.hangUp();
    for (const flow of outgoing.values()) flow.drop();
  };
  return {
    onData: (stream, bytes) => {
      if (isCut) return undefined;
      const tooMuch = stream === streamId.stdin ? options.input.take(bytes.length) : undefined;
      if (tooMuch !== undefined) {
        isCut = true;
        options.onTooMuch(tooMuch);
        abandon();
        return undefined;
      }
      const into = incoming.get(stream);
      // A stream that the host did not give it: dropped, because the client learns of that only by what it gets.
      return into?.take(bytes);
    },
    onFrame: (kind, stream, payload) => {
      switch (kind) {
        case frameKind.end:
          incoming.get(stream)?.end();
          return undefined;
        case frameKind.credit:
          outgoing.get(stream)?.grant(payload);
          return undefined;
        case frameKind.shut:
          outgoing.get(stream)?.drop();
          program.shut(stream);
          return undefined;
        case frameKind.resize: {
          const [a = 0, b = 0, c = 0, d = 0] = payload;
          if (payload.length !== 4) return "a resize without a size";
          program.resize({ columns: Math.max(1, a * 256 + b), rows: Math.max(1, c * 256 + d) });
          return undefined;
        }
        case frameKind.signal: {
          const name = Buffer.from(payload).toString("latin1");
          if (!signals.includes(name)) return "a signal that is not passed on";
          program.signal(name as NodeJS.Signals);
          return undefined;
        }
        default:
          return `a second frame ${kind}`;
      }
    },
    drained: () => {
      for (const flow of outgoing.values()) flow.drained();
    },
    abandon,
  };
}
