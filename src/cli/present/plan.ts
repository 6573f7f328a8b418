import { type Plan, pendingChanges } from "../lifecycle/plan.ts";
import { type Step, stepWords } from "../lifecycle/steps.ts";
import type { Description } from "../machine/facts.ts";
import type { KeyChange } from "../settings/diff.ts";
import { smallerDiskText } from "../settings/effect-text.ts";
import type { EffectClass } from "../settings/settings.ts";
import { formatBytes } from "./bytes.ts";
import { paint } from "./paint.ts";

const effectText: Readonly<Record<EffectClass, string>> = {
  live: "takes effect at once",
  rebuild: "needs: ascalon rebuild",
  restart: "needs: ascalon restart",
  recreate: "needs: ascalon destroy, then ascalon up (destroy says what will be lost)",
};

const needText = (change: KeyChange): string =>
  change.shrinks ? smallerDiskText(change) : effectText[change.effect];

export function renderPlan(plan: Plan, colors: boolean): string {
  const mark = paint(colors);
  const lines: string[] = [];
  const pending = new Set(pendingChanges(plan));
  if (plan.changes.length > 0) {
    lines.push("Settings that differ from the VM:");
    for (const change of plan.changes) {
      const { key, before, after } = change;
      const takes = pending.has(change) ? needText(change) : "takes effect with: ascalon up";
      lines.push(`  ${mark.bold(key)} ${before} -> ${after}  ${mark.yellow(takes)}`);
    }
  }
  if (plan.limaYaml !== undefined)
    lines.push(`The VM's lima.yaml is not as it should be: ${limaYamlSentence(plan.limaYaml)}.`);
  if (plan.steps.length > 0) {
    lines.push("ascalon up would take these steps:");
    for (const step of plan.steps) lines.push(`  ${stepText(step)}`);
  }
  const rebuild = rebuildSentence(plan);
  if (rebuild !== undefined) lines.push(rebuild);
  return lines.length === 0 ? "Nothing is pending.\n" : `${lines.join("\n")}\n`;
}

/** undefined: the guest's own system has what the settings say. */
export const rebuildSentence = ({ rebuildToo }: Pick<Plan, "rebuildToo">): string | undefined =>
  rebuildToo &&
  `The guest's own system has other values for ${rebuildToo.join(", ")}; update it with: ascalon rebuild`;

/** What the next start does about it too. */
export const limaYamlSentence = (is: "edited" | "outdated"): string =>
  `${descriptionText[is]}; ascalon restart rewrites it`;

const descriptionText: Readonly<Record<Exclude<Description, "as-written">, string>> = {
  edited: "it was edited",
  outdated: "this version of ascalon writes a different one",
  lost: "it is lost, but the rest of the VM is intact",
};

function stepText(step: Step): string {
  const words = stepWords[step.kind][0];
  switch (step.kind) {
    case "create-home-disk":
      return `${words}: ${formatBytes(step.sizeBytes)}${step.isLost ? ", empty: the one this VM had is gone" : ""}`;
    case "grow-home-disk":
      return `${words}: ${formatBytes(step.fromBytes)} -> ${formatBytes(step.sizeBytes)}`;
    case "reconfigure":
      return `${words}: ${step.keys.join(", ")}`;
    case "redescribe":
      return `${words}: ${descriptionText[step.reason]}`;
    case "recover":
    case "wait":
      return `${words}: ${step.reason}`;
    default:
      return words;
  }
}
