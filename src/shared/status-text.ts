import { ageText } from "./age.ts";
import { linkNamed, type PendingPlan, type StatusFile, staleFor } from "./status.ts";

export interface StatusTextOptions {
  /** Also say something when all is well. */
  readonly always: boolean;
}

/** One short line for a status bar; empty when all is well. */
export function statusText(status: StatusFile | undefined, now: number, options: StatusTextOptions): string {
  if (status === undefined) return options.always ? "ascalon: unknown" : "";
  const stale = staleFor(status, now);
  if (stale > 0) return `ascalon: no news for ${ageText(stale)}`;
  if (status.vm.state === "absent") return options.always ? "ascalon: no VM" : "";
  const parts = status.vm.state === "running" ? runningParts(status) : [vmPart(status, now)];
  if (parts.length === 0 && !options.always) return "";
  if (options.always && status.generation !== undefined) parts.push(`generation ${status.generation}`);
  return parts.length === 0 ? "ascalon: up" : `ascalon: ${parts.join(", ")}`;
}

function vmPart(status: StatusFile, now: number): string {
  const state = status.vm.state;
  const reason = status.vm.reason;
  if (state === "starting" || state === "stopping") return `${state} ${ageText(now - status.vm.since)}`;
  return reason === undefined || reason === "" ? state : `${state} (${reason})`;
}

function runningParts(status: StatusFile): string[] {
  const parts: string[] = [];
  for (const link of status.links) {
    if (link.state === "broken" || link.state === "healing") parts.push(`${link.name} ${link.state}`);
  }
  if (status.mux.hijacked) parts.push("mux hijacked");
  if (status.codec.verdict === "different") {
    if (linkNamed(status, "mux")?.state === "up") parts.push("WezTerm versions differ");
  }
  const pending = pendingText(status.pendingPlan);
  if (pending !== "") parts.push(pending);
  return parts;
}

/** The heaviest kind of pending work. */
function pendingText(plan: PendingPlan | undefined): string {
  if (plan === undefined) return "";
  if (plan.recreate > 0) return "recreate pending";
  if (plan.restart > 0) return "restart pending";
  return plan.rebuild > 0 ? "rebuild pending" : "";
}
