import { stateFiles } from "../../shared/plugin-contract.ts";
import { installService, noManager, planService, uninstallService } from "../agent/install.ts";
import { readAgentStatus } from "../agent/status-file.ts";
import type { Context } from "../context.ts";
import { pathsOf } from "../paths.ts";
import type { Settings } from "../settings/settings.ts";
import { version } from "../version.ts";
import { ownWords } from "./own-words.ts";

/**
 * The last thing `up` does: the agent is as the settings want it, with a word when that took something. It is asked
 * through its own file first, because launchctl and systemctl cost more than the rest of an idle `up`. Never fails:
 * the VM is up.
 */
export async function keepAgent(context: Context, settings: Settings): Promise<void> {
  const told = await settle(context, settings);
  if (told !== undefined) context.stderr.write(`${told}\n`);
}

async function settle(context: Context, settings: Settings): Promise<string | undefined> {
  const paths = pathsOf(context);
  const plan = planService(context, paths, await ownWords(context));
  const described = await context.files.readText(plan.file);
  if (!settings.agent.enabled) {
    if (described === undefined) return undefined;
    const change = await uninstallService(context, plan);
    return change.kind === "failed"
      ? `The agent could not be removed: ${change.why}.`
      : "The agent is removed, because agent.enabled is false.";
  }
  const written = await readAgentStatus(context, `${paths.stateDir}/${stateFiles.status}`);
  if (written.state === "fresh") {
    // Run by somebody else (Nix, a terminal) it is not ours to replace.
    if (described === undefined) return undefined;
    if (described === plan.text && written.status.ascalon === version) return undefined;
  }
  const change = await installService(context, paths, plan);
  switch (change.kind) {
    case "unchanged":
      return undefined;
    case "done":
      return "Installed the agent: it keeps the links and starts the VM at login.";
    case "no-manager":
      return `Nobody keeps the VM's links, because ${noManager}. Hold them with: ascalon agent run`;
    case "failed":
      return `The agent could not be installed (${change.why}); the VM runs without links. Hold them with: ascalon agent run`;
  }
}
