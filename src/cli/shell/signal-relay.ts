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
    return await Promise.race([timeout, send(context, call, signal)]);
  } finally {
    giveUp.abort();
  }
}

async function send(context: Context, call: SignalledCall, signal: string): Promise<boolean> {
  const build = call.route === "master" ? argsViaMaster : argsWithoutMaster;
  const args = build(call.target, {
    options: ["-T", "-o", "LogLevel=QUIET", "-o", "ConnectTimeout=4"],
    command: signalCommand(call.id, signal),
  });
  for (let attempt = 0; attempt < triesWhenAbsent; attempt += 1) {
    const { exitCode } = await context.processes.inherit("ssh", args, { stdin: "ignore", detached: true });
    if (exitCode === 0) return true;
    if (exitCode !== 3) return false;
    await context.clock.sleep(betweenTriesMs);
  }
  return false;
}
