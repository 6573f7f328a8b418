import type { LongOptions, LongProcess } from "../adapters/process.ts";
import type { Context } from "../context.ts";
import type { GuestPort, GuestResult, GuestRunOptions } from "../machine/guest-port.ts";
import { pathsOf } from "../paths.ts";
import { quoteAll } from "../quote.ts";
import { argsWithoutMaster, readSshTarget, type SshTarget } from "../ssh/target.ts";
import { closeSessionLog, keepSessionLogShort, openSessionLog } from "./session-log.ts";
import { failureOf, logArgs, ownWords, type SshFailure } from "./ssh-log.ts";

type StartLong = (file: string, args: readonly string[], options: LongOptions) => LongProcess;

/** A login's profiles are the user's own and may print or fail, so only the PATH is given, of NixOS and of others. */
const inSystemPath =
  'PATH=/run/wrappers/bin:/run/current-system/sw/bin:/usr/local/bin:$PATH:/usr/sbin:/sbin; export PATH; exec "$@"';

/**
 * The guest over ssh, each command with a connection of its own: Lima's shared one may hang, and a switch of the
 * guest's system is judged by whether a new connection can be made.
 */
export function createGuest(context: Context, startLong: StartLong): GuestPort {
  const { instanceDir, stateDir } = pathsOf(context);
  let count = 0;
  return {
    run: async (argv, options = {}) => {
      // Anew each time: the port changes when the VM restarts.
      const target = await readSshTarget(context, instanceDir);
      if (!target) return unreachable("Lima has not told how to reach it yet");
      const log = await openSessionLog(context, stateDir);
      // Two at a time would share a name that is made of the time.
      const logFile = log.logFile.replace(/\.log$/, `-${(count++).toString(36)}.log`);
      const stop = keepSessionLogShort(context, logFile);
      try {
        return await runOne(context, target, { argv, options, logFile });
      } finally {
        stop();
        await closeSessionLog(context, logFile);
      }
    },
    follow: async (argv, onLine, signal) => {
      const target = await readSshTarget(context, instanceDir);
      if (!target || signal.aborted) return;
      let end = (): void => {};
      const ended = new Promise<void>((resolve) => {
        const ssh = startLong("ssh", argsOf(target, argv, {}, ["-o", "LogLevel=ERROR"]), {
          onStdoutLine: onLine,
          onStderrLine: () => {},
          onExit: () => resolve(),
        });
        end = () => ssh.kill("SIGTERM");
      });
      signal.addEventListener("abort", end, { once: true });
      // Whoever follows asks again and again, with the same signal.
      await ended.finally(() => signal.removeEventListener("abort", end));
    },
  };
}

interface OneRun {
  readonly argv: readonly string[];
  readonly options: GuestRunOptions;
  readonly logFile: string;
}

async function runOne(
  context: Context,
  target: SshTarget,
  { argv, options, logFile }: OneRun,
): Promise<GuestResult> {
  const { input, timeoutMs, onLine, signal } = options;
  const result = await context.processes.run("ssh", argsOf(target, argv, options, logArgs(logFile)), {
    // Ctrl-C is for ascalon: it decides what may be cut short.
    detached: true,
    ...(input === undefined ? {} : { input }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(onLine === undefined ? {} : { onStderrLine: onLine }),
    ...(signal === undefined ? {} : { signal }),
  });
  signal?.throwIfAborted();
  const { exitCode, stdout, stderr } = result;
  if (result.startError !== undefined) return unreachable(`ssh could not be started (${result.startError})`);
  if (result.timedOut) return unreachable(`no answer within ${Math.round((timeoutMs ?? 0) / 1000)} s`);
  if (exitCode !== undefined && exitCode !== 255) return { kind: "ended", code: exitCode, stdout, stderr };
  const log = (await context.files.readText(logFile)) ?? "";
  const failure = exitCode === undefined ? "lost" : failureOf(log);
  if (failure === undefined) return { kind: "ended", code: 255, stdout, stderr };
  // ssh then asks without a key, and the guest refuses that.
  const isKeyLost = failure === "denied" && !(await context.files.info(target.identityFile));
  const words = isKeyLost ? `the VM's key ${target.identityFile} is not there` : failureWords[failure];
  return unreachable([words, ...ownWords(log).slice(-1)].join(": "));
}

const failureWords: Readonly<Record<SshFailure, string>> = {
  refused: "nothing listens on the VM's ssh port",
  silent: "the VM does not answer on its ssh port",
  crowded: "the guest accepts no more logins at the moment",
  denied: "the guest refuses the key",
  "open-key": "ssh does not use the VM's key, because others may read it",
  lost: "the connection broke",
  other: "ssh failed",
};

const unreachable = (why: string): GuestResult => ({ kind: "unreachable", why });

function argsOf(
  target: SshTarget,
  argv: readonly string[],
  { asRoot, timeoutMs }: GuestRunOptions,
  logging: readonly string[],
): string[] {
  const words = asRoot ? ["sudo", "-n", ...argv] : argv;
  // What has no time limit may be a build of hours, in a guest that swaps: three minutes of silence do not end it.
  const count = timeoutMs === undefined ? 36 : 6;
  const alive = ["ConnectTimeout=10", "ServerAliveInterval=5", `ServerAliveCountMax=${count}`];
  return argsWithoutMaster(target, {
    options: [...logging, "-T", ...alive.flatMap((option) => ["-o", option])],
    command: `exec ${quoteAll(["/bin/sh", "-c", inSystemPath, "ascalon", ...words])}`,
  });
}
