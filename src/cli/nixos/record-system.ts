import { flakeSwapScript } from "../carried-files.ts";
import { withRebuildKeys } from "../settings/merge.ts";
import { bringLockBack } from "./flake-copy.ts";
import { noteMuxPending } from "./mux-pending.ts";
import { flakeFolder } from "./rebuild-plan.ts";
import { runAsRoot, type SystemWork, targetOf, triedFlakeOf } from "./system-work.ts";

/**
 * Once a system is confirmed: what it was told of the settings and which flake it came of are noted. Nothing of it
 * undoes the system when it fails.
 */
export async function recordSystem(work: SystemWork): Promise<void> {
  const { machine, settings, wish, found } = work;
  if (!wish.generation)
    await machine.recordSettings(withRebuildKeys((await machine.observe()).applied ?? settings, settings));
  await machine.recordTold(found.told ?? null);
  await keepFlake(work);
  if (!wish.generation) await bringLockBack(work);
  await noteMuxPending(work);
  const folders = (found.toCome ?? []).map(({ path }) => path).join(", ");
  if (folders !== "") work.note(`Only the VM's next start brings ${folders} into the guest: ascalon restart`);
}

/** /etc/nixos becomes what the system was built from. */
async function keepFlake(work: SystemWork): Promise<void> {
  const { generation } = work.wish;
  const words = generation ? ["back", targetOf(work)] : ["keep", triedFlakeOf(work), targetOf(work)];
  const argv = ["sh", "-c", flakeSwapScript, "flake-swap.sh", flakeFolder, ...words];
  const result = await runAsRoot(work, { argv, progress: () => {}, timeoutMs: 120_000 });
  if (result.kind === "ended" && result.code === 0) return;
  const why = result.kind === "unreachable" ? result.why : result.stderr.trim().split("\n").at(-1);
  work.note(
    generation && result.kind === "ended" && result.code === nobodyKept
      ? `The guest's ${flakeFolder} still has the newest flake: the one of generation ${generation.number} was not kept.`
      : `The guest's ${flakeFolder} still has a different flake from the system's: ${why}`,
  );
}

/** Of flake-swap.sh. */
const nobodyKept = 3;
