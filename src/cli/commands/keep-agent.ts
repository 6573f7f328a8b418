import { stateFiles } from "../../shared/plugin-contract.ts";
import { installService, planService } from "../agent/install.ts";
import { readAgentStatus } from "../agent/status-file.ts";
import type { Context } from "../context.ts";
import { pathsOf } from "../paths.ts";
import { programWords } from "./agent-run.ts";

/**
 * The last thing `up` does: the agent is installed and of this version, with a word when that took something. It is
 * asked through its own file first, because launchctl and systemctl cost more than the rest of an idle `up`.
 */
export async function keepAgent(context: Context): Promise<void> {
  const paths = pathsOf(context);
  const plan = planService(context, paths, programWords());
  const isCurrent = (await context.files.readText(plan.file)) === plan.text;
  const { state } = await readAgentStatus(context, `${paths.stateDir}/${stateFiles.status}`);
  if (isCurrent && state === "fresh") return;
  const change = await installService(context, paths, plan);
  if (change.kind === "done")
    context.stderr.write("Installed the agent: it keeps the links and starts the VM at login.\n");
  if (change.kind !== "failed") return;
  context.stderr.write(
    `The agent could not be installed (${change.why}); the VM runs without links. Hold them with: ascalon agent run\n`,
  );
}
