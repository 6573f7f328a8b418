import { type Evidence, judge } from "./judge.ts";
import type { Link, LinkEvent, LinkState } from "./link.ts";
import { initialState, step } from "./link-state.ts";
import type { MonitorHandlers, MonitorPort } from "./monitor-port.ts";
import { backoffMs, createPause } from "./pause.ts";
import type { ProbeResult } from "./probes/probe.ts";

export interface LinkReport {
  readonly link: Link;
  readonly state: LinkState;
  /** What the last successful probe learned. */
  readonly facts: unknown;
  /** Another program's socket stands at the host end. */
  readonly hijacked: boolean;
  /** An ssh carries it, so it is being proved. */
  readonly carried: boolean;
  /** How many proofs began, and how many of them ended. They never run in parallel. */
  readonly proofs: { readonly begun: number; readonly ended: number };
}

/** Until the next proof. Everything that is not up is looked at often, because people wait for it. */
const intervalMs = { proved: 2_000, "target-absent": 1_000 } as const;
/** For a socket of unknown protocol: its proof says less, and there may be a hundred of them. */
const streamIntervalMs = 10_000;
const failedLimitMs = 2_000;
const remakingMs = 200;
const forever = 3_600_000;

/** Proves one link again and again, never twice at a time, and only while an ssh carries it. */
export interface LinkMonitor {
  report(): LinkReport;
  /** The table was made anew: the same name and ends, perhaps another target. */
  update(link: Link): void;
  tell(event: LinkEvent): void;
  /** An ssh carries the link from now on. */
  carry(): Promise<void>;
  /** A second ssh did not come about; the first one goes on. */
  kept(): void;
  /** Proves at once: after sleep, or because a person asks. */
  hurry(): void;
  stop(): void;
}

export function createLinkMonitor(port: MonitorPort, first: Link, handlers: MonitorHandlers): LinkMonitor {
  const pause = createPause(port.clock);
  let link = first;
  let state = initialState(port.clock.now());
  let facts: unknown;
  let [carries, hijacked] = [false, false];
  let failures = 0;
  /** The socket that our ssh made at the host end. */
  let made: string | undefined;
  /** A second ssh is about to make it anew: another socket there says nothing then. */
  let remaking = false;
  let stopped = false;
  /** How often it was told that nothing carries the link: what takes a moment can see that it was overtaken. */
  let told = 0;
  /** How often something else came to be proved: another ssh, or another target. */
  let turns = 0;
  let [begun, ended] = [0, 0];

  const apply = (event: LinkEvent): void => {
    const before = state;
    state = step(state, event);
    const reason = (of: LinkState): string | undefined => ("reason" in of ? of.reason : undefined);
    if (state.kind !== before.kind || reason(state) !== reason(before)) handlers.onChange();
  };

  const direct = async (probe: ProbeResult): Promise<ProbeResult | undefined> => {
    if (link.target === undefined || (probe.kind !== "closed" && probe.kind !== "silent")) return undefined;
    return port.prove(link.protocol, link.target);
  };

  /**
   * Silence while the VM greets can be a probe that ran out just as the VM woke up, a server that hangs, or a queue of
   * other programs' calls. Only when a second one, begun after the greeting, is silent too, nothing else came through
   * meanwhile and the VM still greets, the connection is dead; ending it costs what it carries.
   */
  const proveTwice = async (): Promise<Pick<Evidence, "probe" | "greets" | "carries">> => {
    const probe = await port.prove(link.protocol, link.probeEnd);
    if (probe.kind !== "silent") return { probe, greets: undefined, carries: undefined };
    if (!(await port.guestGreets())) return { probe, greets: false, carries: undefined };
    const anything = port.carries();
    const second = await port.prove(link.protocol, link.probeEnd);
    if (second.kind !== "silent") return { probe: second, greets: true, carries: undefined };
    const carries = await anything;
    return { probe: second, greets: carries || (await port.guestGreets()), carries };
  };

  const isOurs = async (): Promise<boolean> =>
    link.direction === "host-to-guest" || made === undefined || (await port.identity(link.hostEnd)) === made;

  /** Returns how long to wait for the next proof. */
  const proveOnce = async (): Promise<number> => {
    if (link.direction === "host-to-guest" && link.target === undefined) {
      const at = port.clock.now();
      apply({
        kind: "target-absent",
        at,
        reason: link.chosen,
        nextAttemptAt: at + intervalMs["target-absent"],
      });
      return forever;
    }
    const before = turns;
    const { probe: first, greets, carries: carriesOthers } = await proveTwice();
    const straight = await direct(first);
    // A target that came between the two answers is there for the forward as well: only a second refusal is its fault.
    const isLate = first.kind === "closed" && straight?.kind === "up";
    const probe = isLate ? await port.prove(link.protocol, link.probeEnd) : first;
    const ours = await isOurs();
    const verdict = judge({ link, probe, direct: straight, ours, greets, carries: carriesOthers });
    if (!ours && remaking) return remakingMs;
    // The ssh went away meanwhile, which has been told already, or another one came: this result is about the past.
    if (!carries || stopped || turns !== before) return forever;
    hijacked = !ours && probe.kind !== "absent" && probe.kind !== "refused";
    const at = port.clock.now();
    if (verdict.kind === "proved" && probe.kind === "up") {
      failures = 0;
      facts = probe.facts;
      handlers.onProved(link.direction === "guest-to-host" && made !== undefined);
      apply({ kind: "proved", at, rttMs: probe.rttMs });
      return link.protocol === "stream" ? streamIntervalMs : intervalMs.proved;
    }
    failures = verdict.kind === "failed" ? failures + 1 : 0;
    const waitMs =
      verdict.kind === "failed" ? backoffMs(failures, failedLimitMs) : intervalMs["target-absent"];
    const kind = verdict.kind === "failed" ? "failed" : "target-absent";
    apply({ kind, at, reason: verdict.reason, nextAttemptAt: at + waitMs });
    // What a second ssh is about to make anew need not be asked for.
    if (verdict.action === "replace" || (verdict.action === "renew" && !remaking))
      handlers.onAction(verdict.action, link.name);
    return waitMs;
  };

  /** A file that cannot be read, or no descriptor left: the link is not proved, and the next proof may go well. */
  const proveOrTell = async (): Promise<number> => {
    begun += 1;
    try {
      return await proveOnce();
    } catch (error) {
      const at = port.clock.now();
      const reason = error instanceof Error ? error.message : String(error);
      apply({ kind: "failed", at, reason, nextAttemptAt: at + failedLimitMs });
      return failedLimitMs;
    } finally {
      ended = begun;
    }
  };

  const run = async (): Promise<void> => {
    while (!stopped) await pause.for(carries ? await proveOrTell() : forever);
  };
  void run();

  return {
    report: () => ({ link, state, facts, hijacked, carried: carries, proofs: { begun, ended } }),
    update: (next) => {
      const turned = next.target !== link.target;
      link = next;
      if (!turned) return;
      turns += 1;
      pause.wake();
    },
    tell: (event) => {
      remaking = event.kind === "ssh-starting";
      if (!remaking) {
        carries = false;
        told += 1;
      }
      apply(event);
    },
    kept: () => {
      remaking = false;
      pause.wake();
    },
    carry: async () => {
      const before = told;
      const lies = await port.identity(link.hostEnd);
      if (told !== before) return;
      made = lies;
      remaking = false;
      carries = true;
      failures = 0;
      turns += 1;
      pause.wake();
    },
    hurry: () => pause.wake(),
    stop: () => {
      stopped = true;
      carries = false;
      pause.wake();
    },
  };
}
