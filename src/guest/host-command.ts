import { isatty } from "node:tty";
import { streamId } from "../shared/bridge-frame.ts";
import type { ExecRequest, StreamKind } from "../shared/bridge-messages.ts";
import { type Input, type Outcome, type RunningCall, startCall } from "./call.ts";
import { streamInput } from "./inputs.ts";
import { createKeyboard, type Keyboard } from "./keyboard.ts";
import { descriptorOutput, type Output } from "./outputs.ts";
import { sessionName } from "./session.ts";

export interface HostCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** `op` may use the terminal; the others have pipes, whatever we have. */
  readonly terminal: boolean;
  /** Instead of our own stdin; null: nothing to read. */
  readonly stdin?: Input | null;
  /** Instead of our own stdout. */
  readonly stdout?: Output;
}

const passedSignals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

/** Without output to go by, a terminal of which nothing is redirected goes to the host's program after this time. */
const attachAfterMs = 300;

const envNames =
  /^(TERM|COLORTERM|NO_COLOR|FORCE_COLOR|CLICOLOR|CLICOLOR_FORCE|LANG|LC_[A-Z]+|OP_[A-Za-z0-9_]+)$/;

const sentEnv = (): [string, string][] =>
  Object.entries(process.env)
    .flatMap(([name, value]): [string, string][] =>
      value !== undefined && envNames.test(name) ? [[name, value]] : [],
    )
    .slice(0, 64);

function kindsOf({ terminal, stdin, stdout }: HostCommand): ExecRequest["streams"] {
  const own = (fd: number): StreamKind => (terminal && isatty(fd) ? "terminal" : "pipe");
  return [stdin === null ? "none" : stdin ? "pipe" : own(0), stdout ? "pipe" : own(1), own(2)];
}

/** The descriptor whose terminal shows what the host's terminal shows. */
const screenFd = (): number => (isatty(1) ? 1 : isatty(2) ? 2 : 0);

function screenSize(): { readonly columns: number; readonly rows: number } {
  const screen = isatty(1) ? process.stdout : isatty(2) ? process.stderr : undefined;
  const [columns = 0, rows = 0] = screen?.getWindowSize?.() ?? [];
  return { columns: columns || 80, rows: rows || 24 };
}

/** What follows Ctrl-Z and `fg`. In a job that cannot be stopped the call just goes on. */
function suspendJob(call: RunningCall, keyboard: Keyboard): void {
  call.signal("SIGSTOP");
  keyboard.release();
  const goOn = (): void => {
    clearTimeout(timer);
    process.removeListener("SIGCONT", goOn);
    keyboard.attach();
    // Who had the terminal meanwhile was told of a resize, and Node measures it anew only when it is.
    process.kill(process.pid, "SIGWINCH");
    call.signal("SIGCONT");
  };
  const timer = setTimeout(goOn, 50);
  process.on("SIGCONT", goOn);
  process.kill(0, "SIGTSTP");
}

/** Runs a command on the host with our streams, terminal and signals, to its end. */
export async function runHostCommand(wanted: HostCommand): Promise<Outcome> {
  const streams = kindsOf(wanted);
  const onTerminal = streams.includes("terminal");
  const inputs = new Map<number, Input>();
  const outputs = new Map<number, Output>();
  const gone = (stream: number) => () => call.shut(stream);
  const stdout = descriptorOutput(1, gone(streamId.stdout));
  const stderr = descriptorOutput(2, gone(streamId.stderr));
  const screen = descriptorOutput(onTerminal ? screenFd() : 2, gone(streamId.terminal));
  outputs.set(streamId.stdout, wanted.stdout ?? stdout);
  outputs.set(streamId.stderr, stderr);
  if (streams[0] === "pipe") inputs.set(streamId.stdin, wanted.stdin ?? streamInput(process.stdin));
  const keyboard = createKeyboard({ onSuspend: () => suspendJob(call, keyboard) });
  if (onTerminal) {
    inputs.set(streamId.terminal, keyboard);
    outputs.set(streamId.terminal, {
      ...screen,
      // A prompt comes with the terminal as the host's program wants it: nothing typed after it is echoed here.
      write: (bytes, done) => {
        keyboard.attach();
        screen.write(bytes, done);
      },
    });
  }
  const session = onTerminal ? sessionName() : undefined;
  const call = startCall(
    {
      command: wanted.command,
      args: wanted.args,
      streams,
      env: sentEnv(),
      ...(onTerminal ? { terminal: screenSize() } : {}),
      ...(session === undefined ? {} : { session }),
    },
    { inputs, outputs },
  );
  const isWhole = streams[0] === "terminal" && streams[1] === "terminal";
  const timer = isWhole ? setTimeout(() => keyboard.attach(), attachAfterMs) : undefined;
  const onResize = (): void => {
    const { columns, rows } = screenSize();
    call.resize(columns, rows);
  };
  if (onTerminal) process.on("SIGWINCH", onResize);
  const passing = passedSignals.map((name) => [name, () => call.signal(name)] as const);
  for (const [name, pass] of passing) process.on(name, pass);
  const outcome = await call.outcome;
  clearTimeout(timer);
  for (const [name, pass] of passing) process.removeListener(name, pass);
  process.removeListener("SIGWINCH", onResize);
  keyboard.stop();
  await Promise.all([stdout.settled(), stderr.settled(), screen.settled()]);
  return outcome.kind === "exit" ? { ...outcome, unwritten: stdout.failure() } : outcome;
}
