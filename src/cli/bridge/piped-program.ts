import { streamId } from "../../shared/bridge-frame.ts";
import type { StartPiped } from "../adapters/process.ts";
import type { Program, ProgramEvents, ProgramSpec } from "./program.ts";

/** After the program's end, how long a pipe that somebody else holds open may be without bytes. */
const lingerMs = 500;
/** Between being asked to end and being made to. */
export const graceMs = 1_000;

/** Runs a program behind pipes. A stream that was to be a terminal is a pipe, or nothing to read from. */
export function startPipedProgram(start: StartPiped, spec: ProgramSpec, events: ProgramEvents): Program {
  const [input, output, errors] = spec.streams;
  let ended = false;
  let finish: (() => void) | undefined;
  const open = new Set<number>();
  const paused = new Set<number>();
  let lastBytesAt = 0;
  const isQuiet = (): boolean =>
    [...open].every((stream) => !paused.has(stream)) && performance.now() - lastBytesAt >= lingerMs;
  const settle = (): void => {
    if (open.size === 0) finish?.();
  };
  const child = start(spec.file, spec.args, {
    env: spec.env,
    cwd: "/",
    pipes: [input === "pipe", output !== "none", errors !== "none"],
    onExit: ({ exitCode, signal, startError }) => {
      ended = true;
      if (startError !== undefined) {
        events.onStartError(startError);
        return;
      }
      lastBytesAt = performance.now();
      const linger = setInterval(() => {
        // In a busy process a timer may come before the bytes that wait in the pipes; an immediate comes after them.
        if (isQuiet()) setImmediate(() => void (isQuiet() && finish?.()));
      }, lingerMs);
      finish = () => {
        clearInterval(linger);
        finish = undefined;
        for (const pipe of [child.stdout, child.stderr]) pipe?.destroy();
        events.onExit({ code: exitCode, signal });
      };
      settle();
    },
  });
  const outputs = new Map([
    [streamId.stdout as number, child.stdout],
    [streamId.stderr as number, child.stderr],
  ]);
  for (const [stream, pipe] of outputs) {
    if (!pipe) continue;
    open.add(stream);
    pipe.on("data", (bytes: Uint8Array) => {
      lastBytesAt = performance.now();
      events.onData(stream, bytes);
    });
    pipe.on("error", () => {});
    pipe.once("close", () => {
      open.delete(stream);
      events.onEnd(stream);
      settle();
    });
  }
  // EPIPE: the program closed its input, or ended.
  child.stdin?.on("error", () => events.onShut(streamId.stdin));
  return {
    write: (_, bytes, done) => {
      if (child.stdin?.writable) child.stdin.write(bytes, done);
      else done();
    },
    endInput: () => void child.stdin?.end(),
    pause: (stream) => {
      paused.add(stream);
      outputs.get(stream)?.pause();
    },
    resume: (stream) => {
      paused.delete(stream);
      lastBytesAt = performance.now();
      outputs.get(stream)?.resume();
    },
    shut: (stream) => void outputs.get(stream)?.destroy(),
    signal: (name) => child.kill(name),
    resize: () => {},
    hangUp: () => {
      child.stdin?.destroy();
      for (const pipe of outputs.values()) pipe?.destroy();
      if (ended) return;
      child.kill("SIGTERM");
      // A stopped program is told, too.
      child.kill("SIGCONT");
      setTimeout(() => {
        if (!ended) child.kill("SIGKILL");
      }, graceMs);
    },
  };
}
