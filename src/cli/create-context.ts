import { arch, availableParallelism, cpus, totalmem, userInfo } from "node:os";
import { isatty, type WriteStream } from "node:tty";
import { systemClock } from "./adapters/clock.ts";
import { currentFolder } from "./adapters/current-folder.ts";
import { systemFiles } from "./adapters/files.ts";
import { type Interrupts, watchInterrupts } from "./adapters/interrupts.ts";
import { startLong, startPiped, systemProcesses } from "./adapters/process.ts";
import { takeSignals } from "./adapters/signals.ts";
import { leaveTerminalAtExit } from "./adapters/terminal.ts";
import type { Context, Output } from "./context.ts";
import { pathsOf } from "./paths.ts";
import { withoutC1 } from "./printable.ts";
import type { HostFacts } from "./settings/settings.ts";

/** The real context: the one place that touches the global process. */
export function createContext(process: NodeJS.Process): Context {
  const interrupts = watchInterrupts(process);
  const env = process.env;
  const home = homeFolder(env);
  // limactl asks this variable alone, and ends without it; so do others that we start.
  if (home !== "") env.HOME = home;
  leaveTerminalAtExit(process);
  return {
    env,
    cwd: currentFolder(process),
    uid: process.getuid?.() ?? -1,
    host: hostFacts(process, home),
    // `process.stdin` would make a stream of it, which most calls never read.
    stdinIsTTY: isatty(0),
    stdout: output(process, 1, env, interrupts.readerIsGone),
    stderr: output(process, 2, env, () => {}),
    files: systemFiles,
    processes: systemProcesses,
    sockets: {
      probeTcpBanner: async (...question) =>
        (await import("./adapters/sockets.ts")).probeTcpBanner(...question),
      exchange: async (...question) => (await import("./adapters/sockets.ts")).exchange(...question),
    },
    clock: systemClock,
    openMachine: async (context, vmType) =>
      (await import("./adapters/lima/lima-machine.ts")).createLimaMachine(context, pathsOf(context), vmType),
    openGuest: async (context) => (await import("./shell/guest-run.ts")).createGuest(context, startLong),
    linkTools: async () => {
      const { converse } = await import("./adapters/converse.ts");
      const { listenAt } = await import("./adapters/listen.ts");
      const { systemSocketFiles } = await import("./adapters/socket-files.ts");
      return { converse, listen: listenAt, socketFiles: systemSocketFiles, startLong, startPiped };
    },
    configFlag: undefined,
    signal: interrupts.signal,
    finishFirst: interrupts.finishFirst,
    takeSignals: (onSignal) => takeSignals(process, onSignal),
    prompt: (question) => ask(process, question, interrupts),
  };
}

/** The user database knows it too; os.homedir() would take an empty HOME for an answer. Empty: nobody knows one. */
function homeFolder(env: NodeJS.ProcessEnv): string {
  if (env.HOME) return env.HOME;
  try {
    return userInfo().homedir;
  } catch {
    // A container's number of a user that the database has no line for.
    return "";
  }
}

function hostFacts(process: NodeJS.Process, home: string): HostFacts {
  const processors = cpus();
  return {
    platform: process.platform === "darwin" ? "darwin" : "linux",
    arch: machineArch(process.platform, arch(), processors[0]?.model),
    // The machine's, not those that this one process may use: taskset must not change what the settings mean.
    cpus: processors.length || availableParallelism(),
    memoryBytes: totalmem(),
    home,
  };
}

/** A Node for Intel on an Apple chip calls itself x64: Rosetta shows it a "VirtualApple", and what Lima needs is arm64. */
export function machineArch(platform: string, nodeArch: string, processor = ""): string {
  return platform === "darwin" && nodeArch === "x64" && processor.includes("Apple") ? "arm64" : nodeArch;
}

/** The stream is made when something is written: most calls write to one of the two. */
function output(
  process: NodeJS.Process,
  fd: 1 | 2,
  env: NodeJS.ProcessEnv,
  onReaderGone: () => void,
): Output {
  const isTTY = isatty(fd);
  // no-color.org: any non-empty value; FORCE_COLOR wins where output is piped on purpose, and empty it says nothing.
  const forced = (env.FORCE_COLOR ?? "") !== "" && env.FORCE_COLOR !== "0";
  const refused = (env.NO_COLOR ?? "") !== "" || env.TERM === "dumb" || env.FORCE_COLOR === "0";
  let opened: WriteStream | undefined;
  const open = (): WriteStream => {
    const stream = fd === 1 ? process.stdout : process.stderr;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // A reader that went away (`ascalon status | head`) is not an error of ours; a full disk is one, of the caller.
      if (error.code === "EPIPE") return onReaderGone();
      // What is only said ends no work: the agent's log on a disk that is full, a terminal that is gone.
      if (fd === 2) return;
      process.stderr.write(`ascalon: cannot write its output: ${error.message}\n`);
      process.exit(1);
    });
    return stream;
  };
  const stream = (): WriteStream => {
    opened ??= open();
    return opened;
  };
  return {
    isTTY,
    isDumb: env.TERM === "dumb",
    get columns() {
      // A terminal that nobody told its size has none.
      return stream().columns || 80;
    },
    colors: forced || (isTTY && !refused),
    write: (text) => {
      stream().write(isTTY ? withoutC1(text) : text);
    },
  };
}

async function ask(
  process: NodeJS.Process,
  question: string,
  { signal, interrupt }: Interrupts,
): Promise<string | undefined> {
  const { createInterface } = await import("node:readline/promises");
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<undefined>((resolve) => reader.once("close", () => resolve(undefined)));
  // On a terminal the reader gets Ctrl-C as a key, and the process no signal.
  reader.on("SIGINT", () => interrupt());
  try {
    const answer = await Promise.race([reader.question(question, { signal }), ended]);
    // Ctrl-D leaves the cursor behind the question, and what is said next would look like the answer.
    if (answer === undefined) process.stderr.write("\n");
    return answer;
  } finally {
    reader.close();
  }
}
