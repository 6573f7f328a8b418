import { type Generation, startGeneration } from "./generation.ts";
import type { Link } from "./link.ts";
import { backoffMs, createPause, within } from "./pause.ts";
import { guestCommandMs, prepareLinks } from "./prepare-links.ts";
import { createRefusals, recheckMs } from "./refusals.ts";
import { type Hold, removeArgs } from "./ssh-forward.ts";
import { reasonText, type SshReason } from "./ssh-reasons.ts";
import type { Supervisor, SupervisorEvent, SupervisorPort } from "./supervisor-port.ts";

/** While no ssh server greets, looking costs one connect: often enough that healing does not wait for it. */
const awayPollMs = 500;
const beginTimeoutMs = 10_000;
/** An ssh that lived this long was a success: the next failure starts the backoff anew. */
const settledMs = 5_000;
const failureLimitMs = 10_000;
const keptRetired = 2;

export function createSupervisor(
  port: SupervisorPort,
  wanted: () => readonly Link[],
  onEvent: (event: SupervisorEvent) => void,
): Supervisor {
  const pause = createPause(port.clock);
  const retired: Generation[] = [];
  const refusals = createRefusals(port, wanted);
  /** The guest keeps left-over sockets (no StreamLocalBindUnlink): they are removed before each start. */
  let removesFirst = false;
  let current: Generation | undefined;
  let starting: Generation | undefined;
  let hold: Hold = "cat";
  let failures = 0;
  let complaints = 0;
  let renewAt: number | undefined;
  let stopped = false;

  const onComplaint = (reason: SshReason): void => {
    if (reason.kind === "guest-listen") removesFirst = true;
    complaints += 1;
    renewAt = port.clock.monotonic() + backoffMs(complaints, failureLimitMs);
    onEvent({ kind: "complaint", reason });
    pause.wake();
  };

  const nextAttemptAt = (): number => port.clock.now() + backoffMs(failures, failureLimitMs);

  const retire = (generation: Generation): void => {
    generation.retire();
    retired.push(generation);
    void generation.ended.then(() => retired.splice(retired.indexOf(generation), 1));
    if (retired.length > keptRetired) retired[0]?.kill("SIGTERM");
  };

  /** `-N` says nothing by itself: its first listening socket has to. */
  const listening = async (generation: Generation, links: readonly Link[]): Promise<"ready" | "ended"> => {
    const path = links[0]?.probeEnd;
    while (!generation.hasEnded()) {
      if (path === undefined || (await port.accepts(path))) return "ready";
      await port.clock.sleep(100);
    }
    return "ended";
  };

  const failed = (reason: string): undefined => {
    failures += 1;
    if (!current) onEvent({ kind: "gone", reason, nextAttemptAt: nextAttemptAt() });
  };

  /** Starts an ssh and waits until it carries bytes. undefined: there is none, and the events say why. */
  const begin = async (): Promise<Generation | undefined> => {
    const target = await port.target();
    if (!target || !(await port.greets(target.port))) {
      // Another boot is another guest: what was learned of the last one need not hold.
      if (!current) [hold, removesFirst] = ["cat", false];
      const reason = target ? "the VM's ssh does not answer" : "the VM was never started";
      if (!current) onEvent({ kind: "vm-away", reason, nextAttemptAt: port.clock.now() + awayPollMs });
      return undefined;
    }
    const all = wanted();
    const prepared = await prepareLinks(port, target, all);
    if (prepared.problem !== undefined) return failed(prepared.problem);
    const { refused } = prepared;
    refusals.set(refused);
    onEvent({ kind: "starting" });
    onEvent({ kind: "refused", refused, nextAttemptAt: port.clock.now() + recheckMs });
    const links = all.filter((link) => !refusals.has(link));
    const guestPaths = links
      .filter((link) => link.direction === "host-to-guest")
      .map((link) => link.guestEnd);
    // Not before it is known to be needed: it is one more connection, about a second under emulation.
    if (removesFirst && guestPaths.length > 0)
      await port.runSsh(removeArgs(target, guestPaths), guestCommandMs);
    if (stopped) return undefined;
    const generation = startGeneration({ to: target, links, hold, start: port.startSsh, onComplaint });
    starting = generation;
    const waits = [generation.begun, ...(hold === "none" ? [listening(generation, links)] : [])];
    const outcome = await within(port.clock, beginTimeoutMs, ...waits);
    starting = undefined;
    if (outcome === "ready" && !stopped) return generation;
    generation.kill("SIGKILL");
    const reason = await generation.ended;
    // A login shell that cannot even run `cat` must not cost the links.
    if (hold === "cat" && (outcome === "timeout" || reason.kind === "shell")) hold = "none";
    return failed(reasonText(reason));
  };

  /** A full disk or a folder that is no more makes files fail: that is a failure to tell, and to try again after. */
  const beginOrTell = async (): Promise<Generation | undefined> => {
    try {
      return await begin();
    } catch (error) {
      starting?.kill("SIGKILL");
      starting = undefined;
      return failed(error instanceof Error ? error.message : String(error));
    }
  };

  /** Until the ssh ends, or another is wanted. */
  const attend = async (generation: Generation, sinceMs: number): Promise<void> => {
    void generation.ended.then(() => pause.wake());
    while (!stopped && !generation.hasEnded()) {
      const now = port.clock.monotonic();
      if (renewAt !== undefined && renewAt <= now) return;
      if (complaints > 0 && renewAt === undefined && now - sinceMs > settledMs) complaints = 0;
      if (refusals.nextMs() <= now && (await refusals.haveChanged())) return;
      await pause.for(Math.min(renewAt ?? now + 3_600_000, refusals.nextMs()) - now);
    }
    if (!generation.hasEnded() || stopped) return;
    current = undefined;
    failures = port.clock.monotonic() - sinceMs > settledMs ? 1 : failures + 1;
    onEvent({ kind: "gone", reason: reasonText(await generation.ended), nextAttemptAt: nextAttemptAt() });
  };

  const run = async (): Promise<void> => {
    let sinceMs = port.clock.monotonic();
    while (!stopped) {
      const before = failures;
      renewAt = undefined;
      const generation = await beginOrTell();
      if (generation) {
        if (current) retire(current);
        current = generation;
        sinceMs = port.clock.monotonic();
        onEvent({ kind: "ready", pid: generation.pid });
      }
      if (stopped) break;
      if (current) {
        // A second ssh that failed is tried again while the first one goes on carrying.
        if (!generation) {
          renewAt ??= port.clock.monotonic() + backoffMs(Math.max(failures, 1), failureLimitMs);
          onEvent({ kind: "kept" });
        }
        await attend(current, sinceMs);
      }
      if (stopped || current) continue;
      await pause.for(failures > before || generation ? backoffMs(failures, failureLimitMs) : awayPollMs);
    }
  };
  const running = run();

  return {
    renew: () => {
      renewAt ??= port.clock.monotonic();
      pause.wake();
    },
    replace: () => current?.kill("SIGKILL"),
    nudge: () => {
      refusals.hurry();
      pause.wake();
    },
    stop: async () => {
      stopped = true;
      starting?.kill("SIGKILL");
      current?.retire();
      pause.wake();
      const all = [...retired, current].filter((one) => one !== undefined);
      await within(port.clock, 1_000, Promise.all(all.map((one) => one.ended)));
      // What still carries a window ends with it, as it would if we had been killed.
      for (const generation of all) if (!generation.hasEnded()) generation.leave();
      await running;
    },
  };
}
