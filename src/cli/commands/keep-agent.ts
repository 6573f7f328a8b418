import { stateFiles } from "../../shared/plugin-contract.ts";
import { guardedPlaceOf, guardedSentence } from "../agent/guarded-place.ts";
import {
  installService,
  isDescribed,
  noManagerWhy,
  type Repaired,
  uninstallService,
} from "../agent/install.ts";
import { identityOf } from "../agent/service-identity.ts";
import { type ServicePlan, serviceFile } from "../agent/service-plan.ts";
import { isOfThisBuild, readAgentStatus } from "../agent/status-file.ts";
import type { Context } from "../context.ts";
import { pathsOf } from "../paths.ts";
import type { DescribedService } from "../projections/described-service.ts";
import { withSameSettings } from "../same-settings.ts";
import type { Settings } from "../settings/settings.ts";
import { servicePlanOf } from "./service-plan.ts";

/**
 * The last thing `up` does: the agent is as the settings want it, with a word when that took something. It is asked
 * through its own file first, because launchctl and systemctl cost more than the rest of an idle `up`. The agent of
 * another configuration is left alone. Never fails: the VM is up.
 */
export async function keepAgent(context: Context, settings: Settings): Promise<void> {
  // Taken out of its manager and not yet put back, nobody would keep the links.
  const done = context.finishFirst();
  const told = await settle(context, settings).finally(done);
  if (told !== undefined) context.stderr.write(withSameSettings(`${told}\n`, context.configFlag));
}

async function settle(context: Context, settings: Settings): Promise<string | undefined> {
  const paths = pathsOf(context);
  const described = await context.files.readText(serviceFile(context));
  const known = (): Promise<ServicePlan> => servicePlanOf(context, { keeps: true, toCompare: true });
  if (!settings.agent.enabled) {
    if (described === undefined) return undefined;
    const change = await uninstallService(context, await known());
    switch (change.kind) {
      case "foreign":
        return leftAlone(context, change.described);
      case "failed":
        return `The agent could not be removed: ${change.why}.`;
      default:
        return "Removed the agent, because agent.enabled is false.";
    }
  }
  const written = await readAgentStatus(context, `${paths.stateDir}/${stateFiles.status}`);
  if (written.state === "fresh") {
    // Run by somebody else (Nix, a terminal) it is not ours to replace.
    if (described === undefined) return undefined;
    if (isOfThisBuild(written.status) && (await isDescribed(context, await known()))) return undefined;
  }
  const plan = await servicePlanOf(context);
  const change = await installService(context, paths, plan);
  switch (change.kind) {
    case "unchanged":
    case "nix":
      return undefined;
    case "done":
      return await doneSentence(context, plan, change.repaired);
    case "foreign":
      if (written.state === "fresh") return undefined;
      return `${leftAlone(context, change.described)} Keep this one's links up with: ascalon agent run`;
    case "no-manager":
      return `Nothing keeps the VM's links up, because ${noManagerWhy(context)}. Keep them up with: ascalon agent run`;
    case "failed":
      return `The agent could not be installed (${change.why}); the VM runs without links. Keep them up with: ascalon agent run`;
  }
}

const doneWords: Readonly<Record<Repaired, string>> = {
  none: "Installed the agent: it keeps the links up and starts the VM at login.",
  nix: "Restarted the agent of the Nix configuration: it was not writing its status.",
  "other-program": "Reinstalled the agent: it was from another version or location of ascalon.",
  ended: "Started the agent: it was installed but not running.",
  silent: "Restarted the agent: it had stopped writing its status.",
  "other-version": "Restarted the agent: it was still the previous version.",
};

async function doneSentence(context: Context, { service }: ServicePlan, repaired: Repaired): Promise<string> {
  const place = repaired === "nix" ? undefined : await guardedPlaceOf(context, service.argv);
  return place === undefined ? doneWords[repaired] : `${doneWords[repaired]} ${guardedSentence(place)}`;
}

function leftAlone(context: Context, described: DescribedService): string {
  const { configFile, stateDir } = identityOf(described, context.host);
  return `The agent of this login belongs to another configuration (settings ${configFile}, state ${stateDir}) and is left alone.`;
}
