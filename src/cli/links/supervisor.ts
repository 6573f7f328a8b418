import { createHoldChoice } from "./choose-hold.ts";
import { type Generation, startGeneration } from "./generation.ts";
import type { Link } from "./link.ts";
import { untilListening, whatListens } from "./listening.ts";
import { backoffMs, createPause, within } from "./pause.ts";
import { prepareLinks } from "./prepare-links.ts";
import { createRefusals } from "./refusals.ts";
import { createRetired, leaveMs } from "./retired.ts";
import { type Complaint, reasonText } from "./ssh-reasons.ts";
import type { Supervisor, SupervisorEvent, SupervisorPort } from "./supervisor-port.ts";
import { removeLeftOver } from "./try-forwards.ts";

/** While no ssh server greets, looking costs one connect: often enough that healing does not wait for it. */
const awayPollMs = 500;
/** Doubled with each ssh that did not begin in time: a guest whose login takes longer is slow, and not without one. */
const beginTimeoutMs = 10_000;
const beginLimitMs = 60_000;
/** An ssh that lived this long was a success: the next failure starts the backoff anew. */
const settledMs = 5_000;
const failureLimitMs = 10_000;

export function createSupervisor(
  port: SupervisorPort,
  wanted: () => readonly Link[],
  onEvent: (event: SupervisorEvent) => void,
): Supervisor {
  const pause = createPause(port.clock);
  const retired = createRetired();
  const refusals = createRefusals(port, wanted);
  const holds = createHoldChoice();
  /** The guest keeps left-over sockets (no StreamLocalBindUnlink): they are removed before each start. */
  let removesFirst = false;
  let current: Generation | undefined;
  let starting: Generation | undefined;
  /** Nothing comes through it. It is ended when another one carries the links and that is still so. */
  let suspect: Generation | undefined;
  let looking: Promise<void> | undefined;
  let failures = 0;
  let timeouts = 0;
  let renewAt: number | undefined;
  let [beginning, stopped] = [false, false];

  const monotonic = (): number => port.clock.monotonic();

  /** What happens while an ssh is started is looked at after that, and never shortens the pause after a failure. */
  const wake = (): void => {
    if (!beginning) pause.wake();
  };

  const renew = (inMs = 0): void => {
    renewAt ??= monotonic() + inMs;
    wake();
  };

  const tellRefused = (): void => {
    const nextAttemptAt = port.clock.now() + refusals.waitMs();
    onEvent({ kind: "refused", refused: refusals.list(), nextAttemptAt });
    wake();
  };

  /** A forward that cannot be made costs its link alone. Only left-over sockets are a reason to begin anew, once. */
  const onComplaint = (complaint: Complaint): void => {
    if (!refusals.deny(complaint)) return;
    if (complaint.kind === "guest-listen" && !removesFirst) {
      removesFirst = true;
      renew(backoffMs(1, failureLimitMs));
    }
    tellRefused();
  };

  const nextAttemptAt = (): number => port.clock.now() + backoffMs(failures, failureLimitMs);

  const failed = (reason: string): undefined => {
    failures += 1;
    if (!current) onEvent({ kind: "gone", reason, nextAttemptAt: nextAttemptAt() });
  };

  const away = (reason: string): undefined => {
    if (current) return;
    // Another boot is another guest: what was learned of the last one need not hold.
    holds.forget();
    timeouts = 0;
    removesFirst = false;
    onEvent({ kind: "vm-away", reason, nextAttemptAt: port.clock.now() + awayPollMs });
  };

  /** Starts an ssh and waits until it carries bytes. undefined: there is none, and the events say why. */
  const begin = async (): Promise<Generation | undefined> => {
    const target = await port.target();
    if (!target) return away("the VM is not running");
    if (!(await port.greets(target.port))) return away("the VM's ssh does not answer");
    const all = wanted();
    const prepared = await prepareLinks(port, target, all);
    if (prepared.problem !== undefined) return failed(prepared.problem);
    refusals.start(prepared.refused);
    onEvent({ kind: "starting" });
    tellRefused();
    const links = all.filter(({ name }) => !refusals.has(name));
    // Not before it is known to be needed: it is one more connection, about a second under emulation.
    if (removesFirst) await removeLeftOver(port, target, links);
    const hold = holds.next(current !== undefined);
    const before = hold === "none" ? await whatListens(port, links) : new Map();
    if (stopped) return undefined;
    const generation = startGeneration({ to: target, links, hold, start: port.startSsh, onComplaint });
    starting = generation;
    const waits =
      hold === "none" ? [untilListening(port, generation, { links, before, isDenied: refusals.has })] : [];
    const patienceMs = backoffMs(timeouts + 1, beginLimitMs, beginTimeoutMs);
    const outcome = await within(port.clock, patienceMs, generation.begun, ...waits);
    starting = undefined;
    timeouts = outcome === "timeout" ? timeouts + 1 : 0;
    if (outcome === "ready" && !stopped) {
      holds.ready();
      return generation;
    }
    generation.kill("SIGKILL");
    const reason = await generation.ended;
    // A login shell that cannot even run `cat` must not cost the links.
    holds.failed(hold, outcome === "timeout" ? "timeout" : reason);
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

  /** Beside the ssh that carries the others: what it takes never makes them wait. */
  const recheck = async (generation: Generation): Promise<void> => {
    const changed = await refusals.haveChanged(removesFirst);
    looking = undefined;
    if (stopped || generation !== current) return;
    if (changed) renew();
    else tellRefused();
  };

  /** Until the ssh ends, or another is wanted. */
  const attend = async (generation: Generation, sinceMs: number): Promise<void> => {
    void generation.ended.then(() => pause.wake());
    while (!stopped && !generation.hasEnded()) {
      const now = monotonic();
      if (renewAt !== undefined && renewAt <= now) return;
      if (now - sinceMs > settledMs) refusals.settle();
      if (refusals.waitMs() <= 0) looking ??= recheck(generation);
      await pause.for(Math.min((renewAt ?? Number.POSITIVE_INFINITY) - now, refusals.waitMs()));
    }
    if (!generation.hasEnded() || stopped) return;
    current = undefined;
    failures = monotonic() - sinceMs > settledMs ? 1 : failures + 1;
    onEvent({ kind: "gone", reason: reasonText(await generation.ended), nextAttemptAt: nextAttemptAt() });
  };

  /** The one before is let go with its last connection, but for one that is dead: what it carries would never end. */
  const letGo = (before: Generation): void => {
    if (before !== suspect || before.hasEnded()) {
      retired.add(before);
      return;
    }
    before.kill("SIGKILL");
    const reason = "nothing came through the connection to the VM";
    onEvent({ kind: "gone", reason, nextAttemptAt: port.clock.now() });
  };

  const run = async (): Promise<void> => {
    let sinceMs = monotonic();
    while (!stopped) {
      const before = failures;
      renewAt = undefined;
      beginning = true;
      const generation = await beginOrTell();
      beginning = false;
      if (generation) {
        if (current) letGo(current);
        [current, suspect] = [generation, undefined];
        sinceMs = monotonic();
        onEvent({ kind: "ready", pid: generation.pid });
      }
      if (stopped) break;
      if (current) {
        // A second ssh that failed is tried again while the first one goes on carrying.
        if (!generation) {
          renewAt ??= monotonic() + backoffMs(Math.max(failures, 1), failureLimitMs);
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
    renew: () => renew(),
    remake: () => {
      if (!beginning) renew();
    },
    replace: () => {
      const one = current;
      if (!one) return;
      suspect = one;
      void one.echo()?.then(() => {
        if (suspect === one) suspect = undefined;
      });
      if (!beginning) renew();
    },
    proved: () => {
      // What is proved while another one starts may be that one's work. `cat` is asked, and needs no other proof.
      if (suspect?.hold === "none" && !starting) suspect = undefined;
    },
    echo: () => current?.echo(),
    nudge: () => {
      refusals.hurry();
      pause.wake();
    },
    stop: async () => {
      stopped = true;
      starting?.kill("SIGKILL");
      pause.wake();
      if (current) retired.add(current);
      await retired.leave(port.clock);
      await Promise.all([running, within(port.clock, leaveMs, looking ?? running)]);
    },
  };
}
