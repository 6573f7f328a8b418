import type { CommandRun } from "../command.ts";
import { exitCodes } from "../errors.ts";
import { pendingChanges, planUp } from "../lifecycle/plan.ts";
import { openSession } from "../lifecycle/session.ts";
import { renderPlan } from "../present/plan.ts";
import { changeVm } from "./change-vm.ts";

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
    next: (plan) =>
      pendingChanges(plan).length > 0
        ? "Changed settings wait for a restart: ascalon plan shows them, ascalon restart applies them."
        : "Next: ascalon shell",
  });
};
