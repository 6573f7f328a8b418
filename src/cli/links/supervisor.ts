import { beginSsh } from "./begin-ssh.ts";
import { createHoldChoice } from "./choose-hold.ts";
import type { Generation } from "./generation.ts";
import type { Link } from "./link.ts";
import { backoffMs, createPause, within } from "./pause.ts";
import { prepareLinks } from "./prepare-links.ts";
import { createQuestions } from "./questions.ts";
import { createRefusals } from "./refusals.ts";
import { createRetired, leaveMs } from "./retired.ts";
import { type Complaint, reasonText } from "./ssh-reasons.ts";
import type { Supervisor, SupervisorEvent, SupervisorPort } from "./supervisor-port.ts";
import { createSuspicion } from "./suspicion.ts";
import { makeRoom } from "./try-forwards.ts";

/** While no ssh server greets, looking costs one connect: often enough that healing does not wait for it. */
const awayPollMs = 500;
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
  const questions = createQuestions(port);
  const refusals = createRefusals(questions.port, wanted);
  const holds = createHoldChoice();
  const suspicion = createSuspicion();
  /** sshd could not listen in the guest, for its folder or for left-over sockets: before each start, room is made. */
  let makesRoom = false;
  let current: Generation | undefined;
  let starting: Generation | undefined;
  let looking: Promise<void> | undefined;
  let renewAt: number | undefined;
  let [failures, beginning, stopped] = [0, false, false];
  const { monotonic } = port.clock;
  /** What happens while an ssh is started is looked at after that, and never shortens the pause after a failure. */
  const wake = (): void => (beginning ? undefined : pause.wake());

  const renew = (inMs = 0): void => {
    renewAt ??= monotonic() + inMs;
    wake();
  };
  const remake = (): void => (beginning ? undefined : renew());

  const tellRefused = (): void => {
    const nextAttemptAt = port.clock.now() + refusals.waitMs();
    onEvent({ kind: "refused", refused: refusals.list(), nextAttemptAt });
    wake();
  };

  /** A forward that cannot be made costs its link alone. Only what room can be made for is a reason to begin anew, once. */
  const onComplaint = (complaint: Complaint): void => {
    if (!refusals.deny(complaint)) return;
    if (complaint.kind === "guest-listen" && !makesRoom) {
      makesRoom = true;
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
    makesRoom = false;
    onEvent({ kind: "vm-away", reason, nextAttemptAt: port.clock.now() + awayPollMs });
  };

  /** Starts an ssh and waits until it carries bytes. undefined: there is none, and the events say why. */
  const begin = async (): Promise<Generation | undefined> => {
    // A trial listens at the same paths, and would take them from this one. Where nothing is carried it was given up.
    await looking;
    const target = await port.target();
    if (!target) return away("the VM is not running");
    if (!(await port.greets(target.port))) return away("the VM's ssh does not answer");
    if (stopped) return;
    questions.start();
    const all = wanted();
    const prepared = await prepareLinks(questions.port, target, all);
    if (stopped) return;
    if (prepared.problem !== undefined) return failed(prepared.problem);
    refusals.start(prepared.refused);
    onEvent({ kind: "starting" });
    tellRefused();
    const links = all.filter(({ name }) => !refusals.has(name));
    // Not before it is known to be needed: it is one more connection, about a second under emulation.
    if (makesRoom && (await makeRoom(questions.port, target, links))) makesRoom = false;
    const begun = await beginSsh(port, {
      ...{ to: target, links, holds, onComplaint, carries: current !== undefined, isDenied: refusals.has },
      isOver: () => stopped,
      onStart: (generation) => {
        starting = generation;
      },
    });
    starting = undefined;
    return typeof begun === "string" ? failed(begun) : begun;
  };

  /** A full disk or a folder that is no more makes files fail: that is a failure to tell, and to try again after. */
  const cannotBegin = (error: unknown): undefined => {
    starting?.kill("SIGKILL");
    starting = undefined;
    return failed(error instanceof Error ? error.message : String(error));
  };

  /** Beside the ssh that carries the others, which do not wait for it. What is started meanwhile asks for everything. */
  const recheck = async (generation: Generation): Promise<void> => {
    questions.start();
    const changed = await refusals.haveChanged(makesRoom);
    looking = undefined;
    if (stopped || generation !== current) return;
    if (changed) remake();
    else tellRefused();
  };

  /** Until the ssh ends, or another is wanted. While one is due, a look beside it would be one login more. */
  const attend = async (generation: Generation, sinceMs: number): Promise<void> => {
    void generation.ended.then(() => {
      if (looking && generation === current) questions.giveUp();
      pause.wake();
    });
    const hasLived = (): boolean => monotonic() - sinceMs > settledMs;
    while (!stopped && !generation.hasEnded()) {
      if (hasLived()) refusals.settle();
      if (renewAt !== undefined && renewAt <= monotonic()) return;
      if (renewAt === undefined && refusals.waitMs() <= 0) looking ??= recheck(generation);
      await pause.for(renewAt === undefined ? refusals.waitMs() : renewAt - monotonic());
    }
    if (!generation.hasEnded() || stopped) return;
    current = undefined;
    if (hasLived()) refusals.settle();
    failures = hasLived() ? 1 : failures + 1;
    onEvent({ kind: "gone", reason: reasonText(await generation.ended), nextAttemptAt: nextAttemptAt() });
  };

  const run = async (): Promise<void> => {
    let sinceMs = monotonic();
    while (!stopped) {
      const before = failures;
      [renewAt, beginning] = [undefined, true];
      const generation = await begin().catch(cannotBegin);
      beginning = false;
      if (generation) {
        const dead = current && (await suspicion.settle(current));
        if (dead !== undefined) onEvent({ kind: "gone", reason: dead, nextAttemptAt: port.clock.now() });
        else if (current) retired.add(current);
        [current, sinceMs] = [generation, monotonic()];
        onEvent({ kind: "ready", pid: generation.pid, links: generation.links });
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
    remake,
    replace: () => {
      suspicion.fall(current);
      remake();
    },
    // What is proved while another one starts may be that one's work.
    proved: (byCurrent) => (starting && !byCurrent ? undefined : suspicion.proved()),
    echo: () => current?.echo(),
    nudge: () => {
      refusals.hurry();
      renewAt &&= monotonic();
      pause.wake();
    },
    stop: async () => {
      stopped = true;
      starting?.kill("SIGKILL");
      questions.giveUp();
      pause.wake();
      if (current) retired.add(current);
      await retired.leave(port.clock);
      await Promise.all([running, within(port.clock, leaveMs, looking ?? running)]);
    },
  };
}
