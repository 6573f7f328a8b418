import type { Context } from "../context.ts";
import { observeMaster } from "../ssh/master.ts";
import { argsWithoutMaster, type SshTarget } from "../ssh/target.ts";
import { type Stage, stageOf } from "./ssh-log.ts";

export type Verdict =
  /** The master's process accepts and says nothing. */
  | "master-stopped"
  /** The process answers, its connection to the guest carries nothing, and the guest lets others log in meanwhile. */
  | "connection-dead"
  /** The guest answers nobody. What it was asked for may still begin. */
  | "guest-silent";

/** A call that runs so long has normally had its session for 200 ms; most have ended. */
const firstLookMs = 300;
const lookAgainMs = 1000;
/** sshd counts logins that fail (PerSourcePenalties, OpenSSH from 9.8 on), and would soon hear nobody of this host. */
const pauseAfterRefusalMs = 10_000;
/** A session is opened by one round trip; a guest under load may take its time for it. */
const sessionPatienceMs = 4000;
/**
 * A login is far more work for the guest than a session on a connection that stands. One that takes longer than so many
 * logins does not come any more, however slow the guest is.
 */
const loginsPerSession = 3;
const loginTimeoutMs = 30_000;
const silentAfterMs = 30_000;

/**
 * Looks after a call through the master. Asking the master first would cost every call what only a hung one needs,
 * so the call starts at once, and only one that lives on without a session is looked at. Ends without a verdict once the session stands, and with the signal's reason when aborted.
 */
export async function watchMaster(
  context: Context,
  target: SshTarget,
  logFile: string,
  signal: AbortSignal,
): Promise<Verdict | undefined> {
  const stage = async (): Promise<Stage> => stageOf((await context.files.readText(logFile)) ?? "");
  const hasSession = (now: Stage): boolean => now === "session" || now === "exit";
  await context.clock.sleep(firstLookMs, signal);
  // Only now: the first use of the clock loads a part of Node, and most calls have ended by here.
  const began = context.clock.monotonic() - firstLookMs;
  const waited = (): number => context.clock.monotonic() - began;
  let patienceMs = sessionPatienceMs;
  let nextLoginAt = 0;
  for (;;) {
    const now = await stage();
    // A connection of its own ends by itself when nothing comes of it.
    if (hasSession(now) || now === "connected") return undefined;
    if (now === "none") {
      const master = await observeMaster(context, target.controlPath);
      // Once it said hello it was asked for the session, and might open it after we had gone another way.
      if (master === "hung" && (await stage()) === "none") return "master-stopped";
      // Without a master ssh makes one, and gives up by itself when it cannot.
      if (master === "absent" || master === "refused") return undefined;
    }
    if (waited() >= Math.max(patienceMs, nextLoginAt)) {
      const loginMs = await timeLogin(context, target, signal);
      if (hasSession(await stage())) return undefined;
      patienceMs = Math.max(patienceMs, (loginMs ?? 0) * loginsPerSession);
      if (loginMs !== undefined && waited() >= patienceMs) return "connection-dead";
      if (waited() >= silentAfterMs && loginMs === undefined) return "guest-silent";
      if (loginMs === undefined) nextLoginAt = waited() + pauseAfterRefusalMs;
    }
    await context.clock.sleep(lookAgainMs, signal);
  }
}

/**
 * How long a login takes that a connection of its own is made for; undefined when it does not come about. Whether the
 * guest answers at all is not asked first: reading sshd's banner is a login given up, which sshd counts as well.
 */
async function timeLogin(
  { clock, processes }: Pick<Context, "clock" | "processes">,
  target: SshTarget,
  signal: AbortSignal,
): Promise<number | undefined> {
  const began = clock.monotonic();
  const options = ["BatchMode=yes", `ConnectTimeout=${loginTimeoutMs / 1000}`, "LogLevel=ERROR"];
  const call = { options: options.flatMap((option) => ["-o", option]), command: "true" };
  const limits = { timeoutMs: loginTimeoutMs, maxBytes: 64 * 1024, detached: true, signal };
  const { exitCode } = await processes.run("ssh", argsWithoutMaster(target, call), limits);
  // 255 is ssh's own.
  return exitCode === undefined || exitCode === 255 ? undefined : clock.monotonic() - began;
}
