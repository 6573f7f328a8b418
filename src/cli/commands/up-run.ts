import type { CommandRun } from "../command.ts";
import { exitCodes } from "../errors.ts";
import { type Plan, pendingChanges, planUp } from "../lifecycle/plan.ts";
import { openSession } from "../lifecycle/session.ts";
import { renderPlan } from "../present/plan.ts";
import { bootGoesOn, changeVm } from "./change-vm.ts";

export const runUp: CommandRun = async (context, flags) => {
  if (flags.dryRun === true) {
    const session = await openSession(context);
    const plan = planUp(session.settings, session.facts);
    context.stdout.write(
      flags.json === true
        ? `${JSON.stringify({ schema: 1, ...plan })}\n`
        : renderPlan(plan, context.stdout.colors),
    );
    return exitCodes.ok;
  }
  return await changeVm(context, flags, {
    command: "ascalon up",
    planFor: ({ settings, facts }) => planUp(settings, facts),
    idle: "The VM is up and ready: nothing to do.",
    next: (plan) => nextAfter(plan, flags.wait !== false),
    interrupted: bootGoesOn,
  });
};

function nextAfter(plan: Plan, waited: boolean): string {
  const effects = new Set(pendingChanges(plan).map(({ effect }) => effect));
  if (effects.has("restart"))
    return "Changed settings wait for a restart: ascalon plan shows them, ascalon restart applies them.";
  if (effects.size > 0)
    return "Changed settings are pending: ascalon plan shows them and what they wait for.";
  return waited ? "Next: ascalon shell" : "It boots in the background: ascalon up waits for it.";
}
