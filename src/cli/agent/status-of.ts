import { compareCodecs } from "../../shared/codec.ts";
import {
  type GuiStatus,
  type LinkStatus,
  type PendingPlan,
  type StatusFile,
  statusSchema,
} from "../../shared/status.ts";
import type { RefusedLink } from "../links/link.ts";
import type { LinkReport } from "../links/monitor.ts";
import { cutReason } from "../links/ssh-reasons.ts";
import type { CodecVersion } from "../mux/messages.ts";
import { build } from "../version.ts";
import type { ObservedVm } from "./vm-status.ts";

export interface AgentView {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly promiseMs: number;
  readonly version: string;
  readonly muxSocket: string;
  readonly vm: ObservedVm & { readonly since: number };
  readonly links: readonly LinkReport[];
  readonly refused: readonly RefusedLink[];
  readonly guis: readonly GuiStatus[];
  readonly generation: number | undefined;
  readonly pendingPlan: PendingPlan | undefined;
  readonly healed?: readonly string[];
  /** Sentences that others ask to show. */
  readonly attention: readonly string[];
}

/** Turns a state's begin into whole seconds, such that a later begin of the same link is a later second too. */
export type SinceSeconds = (name: string, sinceMs: number) => number;

export function createSinceSeconds(): SinceSeconds {
  const last = new Map<string, { readonly ms: number; readonly seconds: number }>();
  return (name, ms) => {
    const before = last.get(name);
    if (before?.ms === ms) return before.seconds;
    const own = Math.floor(ms / 1000);
    // Healed within one second: a reader compares seconds and must still see that connections were lost. A
    // clock that was set back starts anew.
    const seconds = before && ms > before.ms ? Math.max(own, before.seconds + 1) : own;
    last.set(name, { ms, seconds });
    return seconds;
  };
}

function linkStatus(report: LinkReport, sinceSeconds: SinceSeconds): LinkStatus {
  const { link, state } = report;
  return {
    name: link.name,
    state: state.kind,
    since: sinceSeconds(link.name, state.since),
    ...("reason" in state && state.reason !== undefined ? { reason: cutReason(state.reason) } : {}),
    ...(state.kind === "up" ? { rttMs: Math.round(state.rttMs * 10) / 10 } : {}),
    ...("nextAttemptAt" in state ? { nextAttemptAt: Math.ceil(state.nextAttemptAt / 1000) } : {}),
    ...(link.target === undefined ? {} : { target: link.target }),
    chosen: link.chosen,
  };
}

/** Pure but for the memory of `sinceSeconds`: everything the agent knows → the document. */
export function statusOf(view: AgentView, sinceSeconds: SinceSeconds): StatusFile {
  const mux = view.links.find((report) => report.link.protocol === "mux");
  const facts = mux?.facts as CodecVersion | undefined;
  const guest = mux?.state.kind === "up" ? facts : undefined;
  const codec = compareCodecs(view.guis[0], guest);
  const writtenAt = Math.floor(view.at / 1000);
  return {
    schema: statusSchema,
    writtenAt,
    nextWriteBy: writtenAt + Math.ceil(view.promiseMs / 1000),
    ascalon: view.version,
    build,
    vm: {
      state: view.vm.state,
      since: Math.floor(view.vm.since / 1000),
      ...(view.vm.reason === undefined ? {} : { reason: view.vm.reason }),
    },
    links: view.links.map((report) => linkStatus(report, sinceSeconds)),
    mux: {
      socketPath: view.muxSocket,
      ...(guest ? { codec: guest.codec, version: guest.version, exe: guest.exe } : {}),
      ...(mux?.hijacked ? { hijacked: true } : {}),
    },
    gui: view.guis,
    codec,
    ...(view.generation === undefined ? {} : { generation: view.generation }),
    ...(view.pendingPlan === undefined ? {} : { pendingPlan: view.pendingPlan }),
    ...(view.healed === undefined || view.healed.length === 0 ? {} : { healed: view.healed }),
    attention: [
      ...(codec.sentence ? [codec.sentence] : []),
      ...view.refused.map(({ name, why }) => `The link ${name} is not made: ${why}.`),
      ...view.attention,
    ],
  };
}
