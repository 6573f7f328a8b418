import type { Context } from "../context.ts";
import { observeMaster } from "../ssh/master.ts";
import type { SshTarget } from "../ssh/target.ts";
import { type Stage, stageOf } from "./ssh-log.ts";

export type Verdict =
  /** The master's process accepts and says nothing. */
  | "master-stopped"
  /** The process answers, its connection to the guest carries nothing, and the guest answers others. */
  | "connection-dead"
  /** The guest answers nobody. */
  | "guest-silent";

/** A call that runs so long has normally had its session for 200 ms; most have ended. */
const firstLookMs = 300;
const lookAgainMs = 1000;
/** A session is opened by one round trip; a guest under load may take its time for it. */
const sessionPatienceMs = 4000;
const silentAfterMs = 15_000;

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
  for (;;) {
    const now = await stage();
    // A connection of its own ends by itself when nothing comes of it.
    if (hasSession(now) || now === "connected") return undefined;
    if (now === "none") {
      const master = await observeMaster(context, target.controlPath);
      if (master === "hung") return hasSession(await stage()) ? undefined : "master-stopped";
      // Without a master ssh makes one, and gives up by itself when it cannot.
      if (master === "absent" || master === "refused") return undefined;
    }
    const waitedMs = context.clock.monotonic() - began;
    if (waitedMs >= sessionPatienceMs) {
      const answers = await guestAnswers(context, target.port);
      if (hasSession(await stage())) return undefined;
      if (answers) return "connection-dead";
      if (waitedMs >= silentAfterMs) return "guest-silent";
    }
    await context.clock.sleep(lookAgainMs, signal);
  }
}

async function guestAnswers(context: Context, port: number): Promise<boolean> {
  const reply = await context.sockets.probeTcpBanner(port, { timeoutMs: 1000, maxBytes: 256 });
  return reply.kind === "data" && reply.bytes.toString("latin1").startsWith("SSH-");
}
