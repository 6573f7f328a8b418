import type { Converse } from "../adapters/converse.ts";
import type { ServicePlan } from "../agent/service-plan.ts";
import type { Context } from "../context.ts";
import type { LinkTable } from "../links/table.ts";
import type { MachineFacts } from "../machine/facts.ts";
import type { Paths } from "../paths.ts";
import type { Settings } from "../settings/settings.ts";
import type { GuestAnswers } from "./guest-answers.ts";

/** What one look at one thing showed. */
export interface Finding {
  /** Stable: `link-docker`, `clock`. */
  readonly id: string;
  /** `skipped`: could not be looked at, because something it needs is not there. */
  readonly verdict: "ok" | "warning" | "problem" | "skipped";
  /** What was seen, one sentence without a final period, with the numbers. */
  readonly evidence: string;
  /** The command that helps, ready to paste, or a sentence when none does. */
  readonly fix?: string;
}

/** Everything a check may ask. What failed to be read is a check's finding, so it comes as an Error here. */
export interface DoctorPort {
  readonly context: Context;
  readonly paths: Paths;
  readonly settings: Error | "read";
  readonly facts: MachineFacts | Error;
  readonly limaVersion: () => Promise<string | undefined>;
  readonly links: LinkTable | Error;
  readonly service: ServicePlan | Error;
  /** Those of the settings that the start of a VM depends on; the defaults when the settings failed to be read. */
  readonly startSettings: Pick<Settings, "mounts" | "vm">;
  /** `agent.enabled` of the settings. */
  readonly agentEnabled: boolean;
  readonly converse: Converse;
  /** Rejects when the guest did not answer. */
  readonly guest: () => Promise<GuestAnswers>;
}

export interface Check {
  readonly id: string;
  /** What is true when it finds nothing, one sentence. */
  readonly proves: string;
  run(port: DoctorPort): Promise<readonly Finding[]>;
}

/** A check about one thing. */
export const check = (
  id: string,
  proves: string,
  run: (port: DoctorPort) => Promise<Omit<Finding, "id">>,
): Check => ({ id, proves, run: async (port) => [{ id, ...(await run(port)) }] });

export const running = (port: DoctorPort): boolean =>
  !(port.facts instanceof Error) && port.facts.process === "running" && port.facts.ssh.state === "up";

export const notRunning = {
  verdict: "skipped",
  evidence: "the VM is not running, or its ssh does not answer",
} as const;

/** undefined: there is no answer, and the check of the login says why. */
export const answersOf = (port: DoctorPort): Promise<GuestAnswers | undefined> =>
  port.guest().catch(() => undefined);

export const notAnswered = {
  verdict: "skipped",
  evidence: "the guest did not answer: the check ssh says why",
} as const;

/** For a VM that may be no more than slow. */
export const waitFirst = "ascalon up    (waits for it; if it hangs: ascalon restart)";
