import type { InheritResult } from "../adapters/process.ts";
import type { Context } from "../context.ts";
import { argsViaMaster, argsWithoutMaster, type SshTarget } from "../ssh/target.ts";
import { signalCommand } from "./remote-command.ts";

/** How the session that is signalled reaches the guest. */
export type Route = "master" | "direct";

export interface SignalledCall {
  readonly target: SshTarget;
  readonly route: Route;
  readonly id: string;
}

/** A session that is just being opened has no program yet. */
const triesWhenAbsent = 5;
const betweenTriesMs = 200;
const patienceMs = 5000;

/**
 * Brings a signal to the program in the guest by a second ssh; OpenSSH's client has no way to send one along the
 * session itself. False when the program is not there or the guest does not answer.
 */
export async function relaySignal(context: Context, call: SignalledCall, signal: string): Promise<boolean> {
  const giveUp = new AbortController();
  const timeout = context.clock.sleep(patienceMs, giveUp.signal).then(
    () => false,
    () => false,
  );
  try {
    return await Promise.race([timeout, send(context, call, signal, giveUp.signal)]);
  } finally {
    giveUp.abort();
  }
}

async function send(
  context: Context,
  call: SignalledCall,
  signal: string,
  giveUp: AbortSignal,
): Promise<boolean> {
  const build = call.route === "master" ? argsViaMaster : argsWithoutMaster;
  const args = build(call.target, {
    options: ["-T", "-o", "LogLevel=QUIET", "-o", "ConnectTimeout=4"],
    command: signalCommand(call.id, signal),
  });
  for (let attempt = 0; attempt < triesWhenAbsent && !giveUp.aborted; attempt += 1) {
    const { exitCode } = await untilGivenUp(context, args, giveUp);
    if (exitCode === 0) return true;
    if (exitCode !== 3) return false;
    await context.clock.sleep(betweenTriesMs);
  }
  return false;
}

/** One that waits for a master which stands still would hold our stdout, and the pipe that it is, for as long. */
async function untilGivenUp(
  context: Context,
  args: readonly string[],
  giveUp: AbortSignal,
): Promise<InheritResult> {
  let end = (): void => {};
  const running = context.processes.inherit("ssh", args, {
    stdin: "ignore",
    detached: true,
    onStart: (pid) => {
      end = () => endProcess(context, pid);
    },
  });
  const onGiveUp = (): void => end();
  giveUp.addEventListener("abort", onGiveUp, { once: true });
  return await running.finally(() => giveUp.removeEventListener("abort", onGiveUp));
}

export function endProcess(context: Context, pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    context.processes.kill(pid, "SIGTERM");
  } catch {
    // It has just ended by itself.
  }
}
