import type { CommandRun, Flags } from "../command.ts";
import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import { pathsOf } from "../paths.ts";
import { asShellError, sessionError } from "../shell/failure.ts";
import { findGuest, type Guest } from "../shell/find-guest.ts";
import { currentGuestFolder, namedGuestFolder } from "../shell/guest-folder.ts";
import { refuseLostBytes } from "../shell/lost-bytes.ts";
import { interactiveCommand, type RemoteFolder, remoteCommand } from "../shell/remote-command.ts";
import { type GuestCall, runSession, type SessionEnd } from "../shell/session.ts";
import { closeSessionLog, keepSessionLogShort, openSessionLog } from "../shell/session-log.ts";

/** For a guest whose ssh port answers: the rest of its boot, under emulation too. */
const loginPatienceMs = 60_000;

/** Nothing heavy is loaded on this path: a call that goes well reads five small files and starts ssh. */
export const runShell: CommandRun = async (context, flags, args) => {
  try {
    return await shell(context, flags, args);
  } catch (error) {
    const { asAscalonError } = await import("../present/error.ts");
    const { asFileError } = await import("../file-error.ts");
    const known = (await asFileError(context, error)) ?? asAscalonError(error, context.signal.aborted);
    throw asShellError(known);
  }
};

async function shell(context: Context, flags: Flags, args: readonly string[]): Promise<number> {
  const mayStart = flags.start !== false && context.stdinIsTTY && context.stderr.isTTY;
  await refuseLostBytes(context, args);
  const { instanceDir } = pathsOf(context);
  const guest = (await findGuest(context, instanceDir)) ?? (await wakeGuest(context, mayStart));
  const end = await runIn(context, guest, flags, args);
  if (end.kind === "code") return end.code;
  const neverBegan =
    end.failure === "refused" ||
    end.failure === "silent" ||
    // A shell that begins late, for nobody, ends at once; a command would be run twice.
    (end.failure === "unanswered" && args.length === 0);
  if (!(mayStart && neverBegan)) throw sessionError(end.failure, end.words, guest.target);
  const { waitForLogin } = await import("../lifecycle/wait-for-login.ts");
  const logIn = (): Promise<void> =>
    waitForLogin(context, { timeoutMs: loginPatienceMs, wait: true, signal: context.signal });
  let awake = await wakeGuest(context, mayStart);
  try {
    await logIn();
  } catch (error) {
    // A guest that is shutting down answers to the last and lets nobody in: once it is down, it can be started.
    const hasEnded = error instanceof AscalonError && error.code === "E_INSTANCE_BROKEN";
    const { staysDown } = await import("./ensure-running.ts");
    if (!hasEnded || (await staysDown(context))) throw error;
    awake = await wakeGuest(context, mayStart);
    await logIn();
  }
  const second = await runIn(context, awake, flags, args);
  if (second.kind === "code") return second.code;
  throw sessionError(second.failure, second.words, awake.target);
}

async function runIn(
  context: Context,
  guest: Guest,
  flags: Flags,
  argv: readonly string[],
): Promise<SessionEnd> {
  const folder = await folderFor(context, guest, flags);
  const { id, logFile } = await openSessionLog(context, pathsOf(context).stateDir);
  const stop = keepSessionLogShort(context, logFile);
  try {
    const terminal = terminalFor(context, flags);
    const isInteractive = argv.length === 0 && terminal !== "none";
    const nowSeconds = Math.floor(context.clock.now() / 1000);
    const command = isInteractive
      ? interactiveCommand({ id, folder, nowSeconds })
      : remoteCommand({ id, folder, argv, nowSeconds });
    return await runSession(context, { target: guest.target, id, command, terminal, logFile });
  } finally {
    stop();
    await closeSessionLog(context, logFile);
  }
}

async function folderFor(context: Context, guest: Guest, flags: Flags): Promise<RemoteFolder | undefined> {
  if (typeof flags.directory === "string") return namedGuestFolder(context, guest.mounts, flags.directory);
  return flags.cwd === false ? undefined : currentGuestFolder(context, guest.mounts);
}

/** As docker and ssh do: a terminal in the guest when we are on one with both ends. */
function terminalFor(context: Context, flags: Flags): GuestCall["terminal"] {
  if (flags.tty === false) return "none";
  if (context.stdinIsTTY && context.stdout.isTTY) return "auto";
  return flags.tty === true ? "forced" : "none";
}

/** Finds out why there is no guest to run in, and starts it when a person is there to wait. */
async function wakeGuest(context: Context, mayStart: boolean): Promise<Guest> {
  const { refuseUnlessStartable } = await import("../shell/startable.ts");
  await refuseUnlessStartable(context, mayStart);
  const { ensureRunning } = await import("./ensure-running.ts");
  if (mayStart) await ensureRunning(context, "ascalon shell");
  const guest = await findGuest(context, pathsOf(context).instanceDir);
  if (guest) return guest;
  throw new AscalonError("E_SSH", {
    what: "the VM is running, but Lima does not say how to reach it by ssh",
    run: "ascalon up",
  });
}
