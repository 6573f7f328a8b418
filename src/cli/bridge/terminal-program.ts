import { numberAt, streamId } from "../../shared/bridge-frame.ts";
import type { StartPiped } from "../adapters/process.ts";
import type { Program, ProgramEvents, ProgramSpec } from "./program.ts";
import {
  createTerminalReader,
  letterOf,
  runFrame,
  streamOfLetter,
  terminalFrame,
} from "./terminal-frames.ts";
import { terminalScript } from "./terminal-script.ts";

/** A terminal of the host on which one program runs at a time. */
export interface HostTerminal {
  isBusy(): boolean;
  run(spec: ProgramSpec, events: ProgramEvents): Program;
  close(): void;
}

interface Current {
  readonly events: ProgramEvents;
  readonly waiting: Map<number, { length: number; done: () => void }[]>;
  readonly paused: Set<number>;
}

const signalNames: Readonly<Record<number, NodeJS.Signals>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  6: "SIGABRT",
  9: "SIGKILL",
  11: "SIGSEGV",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
};

/** Makes a terminal. `onGone` is called when it ended, by close() or by itself. */
export function openHostTerminal(
  start: StartPiped,
  perl: string,
  env: Readonly<Record<string, string>>,
  onGone: () => void,
): HostTerminal {
  let current: Current | undefined;
  const child = start(perl, ["-e", terminalScript], {
    env,
    cwd: "/",
    pipes: [true, true, false],
    onExit: () => {
      const lost = current;
      current = undefined;
      lost?.events.onStartError("the terminal ended");
      onGone();
    },
  });
  const send = (letter: string, payload?: Uint8Array | string): void => {
    if (child.stdin?.writable) child.stdin.write(terminalFrame(letter, payload));
  };
  /** Sizes, signals and the like: while the script does not take them, the last of each kind waits and no more. */
  const unsent = new Map<string, Uint8Array>();
  const control = (letter: string, payload: Uint8Array | string = "", kind = letter): void => {
    const bytes = terminalFrame(letter, payload);
    unsent.delete(kind);
    if (child.stdin?.writableNeedDrain) unsent.set(kind, bytes);
    else if (child.stdin?.writable) child.stdin.write(bytes);
  };
  child.stdin?.on("drain", () => {
    const frames = [...unsent.values()];
    unsent.clear();
    if (child.stdin?.writable) for (const bytes of frames) child.stdin.write(bytes);
  });
  const wrote = (stream: number, length: number): void => {
    const queue = current?.waiting.get(stream) ?? [];
    for (let left = length; left > 0 && queue[0]; ) {
      const part = Math.min(left, queue[0].length);
      queue[0].length -= part;
      left -= part;
      if (queue[0].length === 0) queue.shift()?.done();
    }
  };
  const end = (payload: Buffer): void => {
    const ended = current;
    current = undefined;
    unsent.clear();
    const number = Number(payload.toString("latin1", 1));
    child.stdout?.resume();
    ended?.events.onExit(
      payload[0] === 0x63 ? { code: number } : { signal: signalNames[number] ?? "SIGKILL" },
    );
  };
  const onFrame = (letter: string, payload: Buffer): void => {
    const stream = streamOfLetter(letter);
    if (stream !== undefined) current?.events.onData(stream, payload);
    else if (letter === "W")
      wrote(streamOfLetter(String.fromCharCode(payload[0] ?? 0)) ?? 0, numberAt(payload, 1));
    else if (letter === "U") current?.events.onShut(streamOfLetter(payload.toString("latin1")) ?? 0);
    else if (letter === "D") end(payload);
    else if (letter === "F") {
      const failed = current;
      current = undefined;
      failed?.events.onStartError(payload.toString("latin1"));
    }
  };
  child.stdout?.on("data", createTerminalReader(onFrame));
  child.stdin?.on("error", () => {});
  return {
    isBusy: () => current !== undefined,
    close: () => void child.stdin?.end(),
    run: (spec, events) => {
      const mine: Current = { events, waiting: new Map(), paused: new Set() };
      current = mine;
      child.stdin?.write(runFrame(spec));
      // A call that is over must not reach the next one.
      const ifMine = (work: () => void): void => {
        if (current === mine) work();
      };
      return {
        write: (stream, bytes, done) => {
          if (current !== mine) return done();
          const queue = mine.waiting.get(stream) ?? [];
          queue.push({ length: bytes.length, done });
          mine.waiting.set(stream, queue);
          send(letterOf(stream), bytes);
        },
        // The terminal's own end is a key (Ctrl-D), which comes as a byte.
        endInput: (stream) => ifMine(() => stream === streamId.stdin && send("E")),
        pause: (stream) => {
          mine.paused.add(stream);
          ifMine(() => child.stdout?.pause());
        },
        resume: (stream) => {
          mine.paused.delete(stream);
          if (mine.paused.size === 0) ifMine(() => child.stdout?.resume());
        },
        shut: (stream) => ifMine(() => control("C", letterOf(stream), `C${stream}`)),
        signal: (name) => ifMine(() => control("S", name.replace(/^SIG/, ""), name)),
        resize: ({ columns, rows }) =>
          ifMine(() => control("Z", Uint8Array.of(columns >> 8, columns & 255, rows >> 8, rows & 255))),
        hangUp: () =>
          ifMine(() => {
            mine.paused.clear();
            child.stdout?.resume();
            send("X");
          }),
      };
    },
  };
}
