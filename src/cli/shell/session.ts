import { constants } from "node:os";
import type { InheritResult } from "../adapters/process.ts";
import type { Context } from "../context.ts";
import { argsViaMaster, argsWithoutMaster, type SshTarget } from "../ssh/target.ts";
import { dismissMaster } from "./dismiss-master.ts";
import { type Verdict, watchMaster } from "./master-watch.ts";
import { endProcess, type Route, relaySignal } from "./signal-relay.ts";
import { failureOf, logArgs, ownWords, type SshFailure } from "./ssh-log.ts";

export interface GuestCall {
  readonly target: SshTarget;
  /** The id inside the command, by which its program is found for signals. */
  readonly id: string;
  readonly command: string;
  /** `auto`: a terminal of the guest behind the one we are on; `forced`: one although we are on none. */
  readonly terminal: "none" | "auto" | "forced";
  /** ssh's private log; its folder exists. */
  readonly logFile: string;
}

export type SessionEnd =
  | { readonly kind: "code"; readonly code: number }
  | { readonly kind: "failed"; readonly failure: SessionFailure; readonly words: readonly string[] };

/**
 * `untold`: there was no room for the log that tells ssh's own 255 from a program's. `unanswered`: the guest stood still
 * for long, and has the request. `stuck`: Lima's connection has it, hangs, and cannot be
 * ended. `no-key`: there is no file that could be refused.
 */
export type SessionFailure =
  | SshFailure
  | "no-ssh"
  | "too-long"
  | "untold"
  | "unanswered"
  | "stuck"
  | "no-key";

/** Linux takes no longer string in argv (MAX_ARG_STRLEN, 32 pages with the final NUL), and sshd hands over one. */
const longestCommandBytes = 131_071;

/** A file system gives out no less. */
const smallestLogBytes = 4096;

/** Runs one command in the guest with ascalon's own stdin, stdout and stderr. */
export async function runSession(context: Context, call: GuestCall): Promise<SessionEnd> {
  if (Buffer.byteLength(call.command) > longestCommandBytes) return failed("too-long");
  const first = await runUntilTaken(context, call);
  if (typeof first !== "string") return first;
  // Its silence may end, and others have sessions on it, so the master stays.
  if (first === "guest-silent") return failed("unanswered");
  // Whoever is not gone may begin what it was asked for when we have gone another way.
  if (first === "connection-dead") {
    const log = (await context.files.readText(call.logFile)) ?? "";
    if (!(await dismissMaster(context, call.target, log))) return failed("stuck");
  }
  if (context.stderr.isTTY) {
    context.stderr.write("ascalon: the ssh connection that Lima keeps open hangs; using a separate one\n");
  }
  await context.files.remove(call.logFile);
  const second = await runBy("direct", context, call);
  return typeof second === "string" ? failed("silent") : second;
}

/** Nothing was run of a call that the guest had no room for, so it comes again, each at another moment. */
async function runUntilTaken(context: Context, call: GuestCall): Promise<SessionEnd | Verdict> {
  for (let turn = 0; ; turn += 1) {
    const end = await runBy("master", context, call);
    const isCrowded = typeof end === "object" && end.kind === "failed" && end.failure === "crowded";
    if (!isCrowded || turn === mostTurns) return end;
    await context.files.remove(call.logFile);
    await context.clock.sleep((0.5 + Math.random() / 2) * firstPauseMs * 2 ** turn, context.signal);
  }
}

/** Up to ten seconds of pauses: what some dozens of logins take under emulation. */
const mostTurns = 5;
const firstPauseMs = 300;

const failed = (failure: SessionFailure, words: readonly string[] = []): SessionEnd => ({
  kind: "failed",
  failure,
  words,
});

async function runBy(route: Route, context: Context, call: GuestCall): Promise<SessionEnd | Verdict> {
  let pid: number | undefined;
  let received: NodeJS.Signals | undefined;
  const over = new AbortController();
  const release = context.takeSignals((signal) => {
    received = signal;
    // On a terminal Ctrl-C and Ctrl-\ are for ssh, which has them from the terminal already.
    if (call.terminal === "auto" && (signal === "SIGINT" || signal === "SIGQUIT")) return;
    void relaySignal(context, { ...call, route }, signal).then((reached) => {
      if (!reached && !over.signal.aborted) endProcess(context, pid);
    });
  });
  try {
    const running = context.processes.inherit("ssh", argsOf(route, call), {
      detached: call.terminal !== "auto",
      onStart: (started) => {
        pid = started;
      },
    });
    const watching =
      route === "master"
        ? watchMaster(context, call.target, call.logFile, over.signal).catch(() => undefined)
        : undefined;
    const verdict = await Promise.race([
      running.then(() => undefined),
      watching?.then((it) => it ?? never) ?? never,
    ]);
    if (verdict !== undefined) {
      endProcess(context, pid);
      await running;
      return verdict;
    }
    return await endOf(context, call, await running, received);
  } finally {
    over.abort();
    release();
  }
}

const never = new Promise<never>(() => {});

function argsOf(route: Route, call: GuestCall): string[] {
  const terminal = { none: "-T", auto: "-t", forced: "-tt" }[call.terminal];
  const options = [
    ...logArgs(call.logFile),
    terminal,
    // For a connection of our own, and for a master that ssh makes anew: Lima's has no limits. A VM may stand still for
    // five minutes, as for the links: whoever is logged in has programs there.
    ...["-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=20"],
  ];
  const build = route === "master" ? argsViaMaster : argsWithoutMaster;
  return build(call.target, { options, command: call.command });
}

async function endOf(
  context: Context,
  call: GuestCall,
  { exitCode, startError }: InheritResult,
  received: NodeJS.Signals | undefined,
): Promise<SessionEnd> {
  if (startError !== undefined) return failed(startError === "ENOENT" ? "no-ssh" : "other", [startError]);
  if (exitCode !== undefined && exitCode !== 255) return { kind: "code", code: exitCode };
  const log = (await context.files.readText(call.logFile)) ?? "";
  const failure = exitCode === undefined ? "lost" : failureOf(log);
  if (failure === undefined) {
    const isFull = log === "" && (await context.files.freeBytes(call.logFile)) < smallestLogBytes;
    return isFull ? failed("untold") : { kind: "code", code: 255 };
  }
  // The signal ended more than the program: its shell while it read the profile, or ssh before it had a session.
  if (received !== undefined) return { kind: "code", code: 128 + constants.signals[received] };
  const isKeyLost = failure === "denied" && !(await context.files.info(call.target.identityFile));
  return failed(isKeyLost ? "no-key" : failure, ownWords(log));
}
