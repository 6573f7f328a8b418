import type { CommandRun } from "../command.ts";
import { exitCodes } from "../errors.ts";
import { planUpWithSystem } from "../lifecycle/first-system.ts";
import { judgeAtStart, judgeDescription } from "../lifecycle/judge-description.ts";
import { type Plan, pendingChanges, planUp } from "../lifecycle/plan.ts";
import { openSession, type Session } from "../lifecycle/session.ts";
import { limaYamlSentence, rebuildSentence, renderPlan } from "../present/plan.ts";
import { withSameSettings } from "../same-settings.ts";
import { loadSettings } from "../settings/load.ts";
import { ownProgram, writePluginFiles } from "../wezterm/plugin-files.ts";
import { bootGoesOn, changeVm } from "./change-vm.ts";
import { holdLinks, mustHold } from "./hold-links.ts";
import { keepAgent } from "./keep-agent.ts";
import { commandTable } from "./table.ts";
import { tellObstacles } from "./tell-obstacles.ts";

export const runUp: CommandRun = async (context, flags) => {
  // The system of the flake is built in a guest that is up.
  const plan = flags.wait === false ? planUp : planUpWithSystem;
  const planFor = ({ settings, facts }: Session): Plan => plan(settings, facts);
  if (flags.dryRun === true) {
    const session = await openSession(context, { judge: judgeDescription });
    const planned = planFor(session);
    context.stdout.write(
      flags.json === true
        ? `${JSON.stringify({ schema: 1, ...planned })}\n`
        : withSameSettings(renderPlan(planned, context.stdout.colors), context.configFlag),
    );
    await tellObstacles(context, session.settings);
    return exitCodes.ok;
  }
  const code = await changeVm(context, flags, {
    command: "ascalon up",
    wish: "up",
    planFor,
    judge: judgeAtStart,
    joinsStart: true,
    idle: "The VM is up and ready: nothing to do.",
    next: (plan) => nextAfter(plan, flags.wait !== false),
    interrupted: bootGoesOn,
  });
  const { settings } = await loadSettings(context);
  await writePluginFiles(context, settings, commandTable, ownProgram());
  await keepAgent(context, settings);
  const work = async (): Promise<"stay"> => {
    if (flags.attach === true)
      await (await import("./attach-after-up.ts")).attachAfterUp(context, flags.wait !== false);
    return "stay";
  };
  if (flags.hold === true || (flags.attach === true && (await mustHold(context))))
    return await holdLinks(context, work);
  await work();
  return code;
};

function nextAfter(plan: Plan, waited: boolean): string {
  // A smaller disk comes with no restart.
  const effects = new Set(pendingChanges(plan).map(({ effect, shrinks }) => (shrinks ? "none" : effect)));
  const rebuild = rebuildSentence(plan);
  if (effects.size === 0 && rebuild !== undefined) return rebuild;
  if (effects.has("restart"))
    return "Changed settings need a restart: ascalon plan shows them, ascalon restart applies them.";
  if (effects.size > 0)
    return "Changed settings are pending: ascalon plan shows them and when they take effect.";
  if (plan.limaYaml !== undefined)
    return `The VM's lima.yaml is not as it should be: ${limaYamlSentence(plan.limaYaml)}.`;
  return waited || plan.steps.length === 0
    ? "Next: ascalon shell"
    : "It is booting in the background; ascalon up waits for it.";
}
