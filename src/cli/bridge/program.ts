import type { ExitMessage, StreamKind, TerminalSize } from "../../shared/bridge-messages.ts";

/** What is to run: everything decided, nothing of it the guest's to choose any more. */
export interface ProgramSpec {
  /** Absolute. */
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly streams: readonly [StreamKind, StreamKind, StreamKind];
  readonly terminal: TerminalSize;
}

export interface ProgramEvents {
  onData(stream: number, bytes: Uint8Array): void;
  /** The program, or its terminal, will give no more bytes in this stream. */
  onEnd(stream: number): void;
  /** The program reads no more from this stream. */
  onShut(stream: number): void;
  /** Once, after all its bytes. */
  onExit(end: ExitMessage): void;
  /** Once, instead of onExit: a system's error code such as ENOENT. */
  onStartError(code: string): void;
}

/** A running program, whether behind pipes or on a terminal. Streams are those of bridge-frame.ts. */
export interface Program {
  write(stream: number, bytes: Uint8Array, done: () => void): void;
  endInput(stream: number): void;
  pause(stream: number): void;
  resume(stream: number): void;
  /** Nobody reads the stream any more: the program gets SIGPIPE when it writes there. */
  shut(stream: number): void;
  signal(name: NodeJS.Signals): void;
  resize(size: TerminalSize): void;
  /** The client is gone: the program is hung up on, and killed when that does not end it. */
  hangUp(): void;
}
