import type { CommandRun } from "../command.ts";
import { exitCodes } from "../errors.ts";
import { planUpWithSystem } from "../lifecycle/first-system.ts";
import { judgeDescription } from "../lifecycle/judge-description.ts";
import { openSession } from "../lifecycle/session.ts";
import { renderPlan } from "../present/plan.ts";
import { withSameSettings } from "../same-settings.ts";
import { tellObstacles } from "./tell-obstacles.ts";

export const runPlan: CommandRun = async (context, flags) => {
  const { settings, facts } = await openSession(context, { judge: judgeDescription });
  const plan = planUpWithSystem(settings, facts);
  context.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ schema: 1, ...plan })}\n`
      : withSameSettings(renderPlan(plan, context.stdout.colors), context.configFlag),
  );
  await tellObstacles(context, settings);
  const pending =
    plan.steps.length > 0 ||
    plan.changes.length > 0 ||
    plan.limaYaml !== undefined ||
    plan.rebuildToo !== undefined;
  return pending ? exitCodes.pending : exitCodes.ok;
};
