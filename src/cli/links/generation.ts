import type { InheritResult, LongOptions, LongProcess } from "../adapters/process.ts";
import type { Link } from "./link.ts";
import { type Endpoint, forwardArgs, type Hold } from "./ssh-forward.ts";
import { type Complaint, isComplaint, readSshLine, type SshReason, whyEnded } from "./ssh-reasons.ts";

/** One ssh process from its start to its end. */
export interface Generation {
  readonly pid: number | undefined;
  /** Resolves once: when the guest answered through it, or it ended before that. */
  readonly begun: Promise<"ready" | "ended">;
  /** Resolves when the process is gone. */
  readonly ended: Promise<SshReason>;
  hasEnded(): boolean;
  /** Resolves when a line has been to the guest and back. undefined: `-N` runs nothing that would send one. */
  echo(): Promise<void> | undefined;
  readonly hold: Hold;
  /** What it was asked for. */
  readonly links: readonly Link[];
  /** Lets it go when the last connection it carries has ended; `-N` does not notice that, and goes on. */
  retire(): void;
  /** The same for good: nobody waits for its end any more. `-N` is ended, because nobody else ever would. */
  leave(): void;
  kill(signal: NodeJS.Signals): void;
}

export interface GenerationOptions {
  readonly to: Endpoint;
  readonly links: readonly Link[];
  readonly hold: Hold;
  readonly start: (args: readonly string[], options: LongOptions) => LongProcess;
  readonly onComplaint: (complaint: Complaint) => void;
}

const keptLines = 20;

/** Of what ssh says in a second. The guest's sshd can have it say more than anybody reads, each line to be understood. */
const readLinesMost = 1_000;

/**
 * Of what comes from the guest's `cat` in a second: our own lines are short, and a greeting is no book. What a guest sends
 * without end is not read to its end.
 */
const readCharsMost = 256 * 1024;

/** Whether one more is read. */
function createLineLimit(): () => boolean {
  let [beganMs, count] = [0, 0];
  return () => {
    const now = performance.now();
    if (now - beganMs >= 1_000) [beganMs, count] = [now, 0];
    count += 1;
    return count <= readLinesMost;
  };
}

let lastNonce = 0;

/** Promise.withResolvers, which Node 20 does not have. */
function settled<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

export function startGeneration({ to, links, hold, start, onComplaint }: GenerationOptions): Generation {
  lastNonce += 1;
  const nonce = `ascalon-${lastNonce}`;
  const lines: string[] = [];
  const begun = settled<"ready" | "ended">();
  const ended = settled<SshReason>();
  /** One line at a time is on its way: a guest that stands still does not fill the pipe. */
  let asked:
    | { readonly line: string; readonly promise: Promise<void>; readonly resolve: () => void }
    | undefined;
  let echoes = 0;
  let gone = false;
  const isRead = createLineLimit();
  const onExit = (end: InheritResult): void => {
    gone = true;
    begun.resolve("ended");
    ended.resolve(whyEnded(end, lines));
  };
  const child = start(forwardArgs(to, links, hold), {
    // Windows that it carries outlive Ctrl-C and the terminal of a command that holds the links.
    detached: true,
    mostStdoutChars: readCharsMost,
    // A guest's shell may greet before it runs the command: only our own line counts.
    onStdoutLine: (line) => {
      if (line.endsWith(nonce)) begun.resolve("ready");
      if (line !== asked?.line) return;
      asked.resolve();
      asked = undefined;
    },
    onStderrLine: (line) => {
      if (!isRead()) return;
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      const reason = readSshLine(line);
      if (isComplaint(reason)) onComplaint(reason);
    },
    onExit,
  });
  // ssh handles forwards and the command in order on one connection: the echo comes after all forwards are set up.
  if (hold === "cat") child.write(`${nonce}\n`);
  return {
    pid: child.pid,
    begun: begun.promise,
    ended: ended.promise,
    hasEnded: () => gone,
    hold,
    links,
    echo: () => {
      if (hold === "none") return undefined;
      if (asked) return asked.promise;
      echoes += 1;
      const mine = { line: `${nonce} ${echoes}`, ...settled<void>() };
      asked = mine;
      child.write(`${mine.line}\n`);
      return mine.promise;
    },
    retire: () => {
      if (hold === "cat") child.closeInput();
    },
    leave: () => (hold === "cat" ? child.leave() : child.kill("SIGTERM")),
    kill: (signal) => child.kill(signal),
  };
}
