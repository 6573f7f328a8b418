import { readerGone } from "../context.ts";
import { isReading } from "./read-file.ts";

/** How long a command gets to end by itself once it was interrupted. */
const graceMs = 2_000;

export interface Interrupts {
  /** Aborted by the first interrupt, and when nobody reads stdout any more. */
  readonly signal: AbortSignal;
  /** The first asks the running command to end; the second ends the program, whatever it is waiting for. */
  interrupt(name?: NodeJS.Signals): void;
  readerIsGone(): void;
  finishFirst(): () => void;
}

/** A command that does not watch the signal, in the middle of a read that never ends, say, is ended all the same. */
export function watchInterrupts(process: NodeJS.Process): Interrupts {
  const abort = new AbortController();
  let interrupts = 0;
  let working = 0;
  let endAfterGrace = (): void => {};

  const endSoon = (name: NodeJS.Signals, code: number, sentence: string): void => {
    endAfterGrace = () => {
      const timer = setTimeout(() => {
        if (working > 0) return;
        if (process.exitCode === undefined) process.stderr.write(sentence);
        end(process, name, code);
      }, graceMs);
      timer.unref();
    };
    endAfterGrace();
  };
  const interrupt = (name: NodeJS.Signals = "SIGINT"): void => {
    interrupts += 1;
    abort.abort(new Error("interrupted"));
    if (interrupts > 1) end(process, name, 130);
    else endSoon(name, 130, "ascalon: interrupted [E_INTERRUPTED]\n");
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return {
    signal: abort.signal,
    interrupt,
    readerIsGone: () => {
      if (abort.signal.aborted) return;
      abort.abort(readerGone);
      // Not SIGPIPE, which Node ignores.
      endSoon("SIGTERM", 0, "");
    },
    finishFirst: () => {
      working += 1;
      return () => {
        working -= 1;
        if (working === 0) endAfterGrace();
      };
    },
  };
}

/**
 * process.exit waits for reads that are under way, and one of a FIFO may never end: then only a signal's own effect is
 * left, and with it the exit code that a shell makes of it.
 */
function end(process: NodeJS.Process, name: NodeJS.Signals, code: number): void {
  if (!isReading()) process.exit(process.exitCode ?? code);
  process.emit("exit", code);
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}
