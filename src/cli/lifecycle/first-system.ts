import type { MachineFacts } from "../machine/facts.ts";
import { type RebuildWish, systemStepKinds } from "../nixos/rebuild-plan.ts";
import type { Settings } from "../settings/settings.ts";
import { type Plan, planUp } from "./plan.ts";
import { refuseToLoseHome } from "./refusals.ts";
import type { Step } from "./steps.ts";

/** Settings that are true of the VM once it runs the system of its flake. */
const systemKeys = ["system.flake", "system.host"] as const;

/**
 * Towards a running VM that has the system of its flake, when it never had one: a new VM runs its image's system. One
 * that was built from a flake once is changed by `rebuild` only, because that may take hours.
 */
export function planUpWithSystem(settings: Settings, facts: MachineFacts): Plan {
  const plan = planUp(settings, facts);
  const had = facts.exists === "ours" && facts.applied ? facts.applied.system.flake : null;
  // What the VM was made with is not known any more: planUp takes the settings for it.
  const isUnknown = facts.exists === "ours" && !facts.applied;
  if (settings.system.flake === null || had !== null || isUnknown) return plan;
  return withSystemSteps(plan, firstSystem(settings), facts);
}

/** From the image's system a live switch would cut its own connection. */
const firstSystem = ({ system, rebuild }: Settings): RebuildWish => ({
  host: system.host,
  boot: true,
  rollback: true,
  confirmSeconds: rebuild.confirmSeconds,
});

/** The plan with the steps of that change after its own. */
export function withSystemSteps(plan: Plan, system: RebuildWish, facts: MachineFacts): Plan {
  if (system.boot) refuseToLoseHome(facts);
  const steps = systemStepKinds(system).map(
    (kind): Step => (kind === "record-system" ? { kind, keys: systemKeys } : { kind }),
  );
  return { ...plan, steps: [...plan.steps, ...steps], system };
}
