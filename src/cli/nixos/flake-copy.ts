import { randomUUID } from "node:crypto";
import { posix } from "node:path";
import { flakeSwapScript } from "../carried-files.ts";
import { AscalonError } from "../errors.ts";
import type { Progress } from "../machine/machine.ts";
import { projectNixJson, renderNixJson } from "../projections/nix-json.ts";
import { quote } from "../quote.ts";
import { withMadeKeys } from "../settings/merge.ts";
import { yamlLine } from "../settings/yaml-line.ts";
import { driftText, flakeDrift } from "./flake-drift.ts";
import { type Flake, readFlake } from "./read-flake.ts";
import { flakeFolder } from "./rebuild-plan.ts";
import { factsBefore, guestOf, mustRun, type SystemWork, triedFlakeOf } from "./system-work.ts";
import { tarStream } from "./tar-stream.ts";

/** Brings the flake into the guest, whole or not at all, and says what is different from the confirmed system's. */
export async function uploadFlake(work: SystemWork, progress: Progress): Promise<void> {
  const { context, settings, found } = work;
  const facts = await factsBefore(work, flakeFolder);
  const flake = await readFlake(context, flakeOf(work), await nixJsonOf(work));
  found.flake = flake;
  const drift = flakeDrift(flake.entries, withoutMadeLock(facts.files, flake));
  const text = facts.files.size === 0 ? undefined : driftText(drift);
  if (text !== undefined) work.note(`${text} (${settings.system.flake})`);
  if (flake.submodules.length > 0) work.note(`Left out, as git submodules: ${flake.submodules.join(", ")}`);
  if (flake.linksOut.length > 0) {
    work.note(
      `Symlinks out of the folder, which lead nowhere in the guest: ${flake.linksOut.join(", ")} (${flake.folder})`,
    );
  }
  if (flake.ignoresLock) {
    work.note(
      `${posix.join(flake.folder, "flake.lock")} is ignored by git, so it is not copied and each rebuild takes the newest inputs: remove it from .gitignore.`,
    );
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of tarStream(flake.entries)) chunks.push(chunk);
  const argv = ["sh", "-c", flakeSwapScript, "flake-swap.sh", triedFlakeOf(work)];
  const input = Buffer.concat(chunks);
  await mustRun(
    work,
    { argv, input, progress, timeoutMs: 120_000, mayStop: true },
    "E_FLAKE",
    "the flake could not be copied into the guest",
  );
}

function flakeOf({ settings }: SystemWork): string {
  if (settings.system.flake !== null) return settings.system.flake;
  throw noFlake(null);
}

/** `had`: the flake that the guest's system is from, when it has one. */
export const noFlake = (had: string | null): AscalonError =>
  new AscalonError("E_FLAKE", {
    what: "system.flake is not set, so there is nothing to build the guest from",
    why:
      had === null
        ? "the guest runs its image's system"
        : `the guest keeps the system of ${had}; only a new VM has the image's again`,
    run:
      had === null
        ? "ascalon init    (writes a starter flake and says how to use it)"
        : `ascalon config set system.flake ${quote(yamlLine(had))}    (or ascalon destroy, which says what will be lost, and ascalon up)`,
  });

async function nixJsonOf({ settings, context, machine }: SystemWork): Promise<string> {
  const { applied } = await machine.observe();
  return renderNixJson(projectNixJson(applied ? withMadeKeys(applied, settings) : settings, context.host));
}

/** A lock that Nix made in the guest is no difference of the user's. */
const withoutMadeLock = (
  files: ReadonlyMap<string, string>,
  { hasLock }: Flake,
): ReadonlyMap<string, string> =>
  hasLock ? files : new Map([...files].filter(([path]) => path !== "flake.lock"));

/** flake.lock comes back when the user had none, or asked for newer inputs; never over one that is ignored or was not asked about. */
export async function bringLockBack(work: SystemWork): Promise<void> {
  const { context, wish, found } = work;
  if (!found.flake || found.flake.ignoresLock || (found.flake.hasLock && wish.update === undefined)) return;
  const result = await (await guestOf(work)).run(["cat", `${triedFlakeOf(work)}/flake.lock`], {
    timeoutMs: 30_000,
  });
  if (result.kind === "unreachable" || result.code !== 0 || result.stdout === "") return;
  const path = posix.join(found.flake.folder, "flake.lock");
  try {
    if (found.flake.hasLock) {
      if ((await context.files.readText(path)) === result.stdout) return;
      // A person's own link stays, and what the guest has as its lock does not go into the file that it names.
      if ((await context.files.info(path))?.kind === "symlink") {
        work.note(`${path} is a symlink, so ascalon does not write to it: it keeps the inputs it has.`);
        return;
      }
      await replaceLock(context, path, result.stdout);
      work.note(`${path} has the updated inputs.`);
    } else if (await context.files.linkExclusive(path, result.stdout)) {
      work.note(`Nix created a flake.lock; it is now in ${found.flake.folder}: keep it with the flake.`);
    }
  } catch (error) {
    // The system is built from the copy in the guest, which has it: no reason to give up.
    work.note(
      `${path} could not be written (${(error as NodeJS.ErrnoException).code}): inputs are not pinned.`,
    );
  }
}

/**
 * Beside it by a name that nobody knows before, and then in its place: where the guest writes too, a symlink may come at any
 * moment, at either name, and neither is followed.
 */
async function replaceLock({ files }: SystemWork["context"], path: string, text: string): Promise<void> {
  const fresh = `${path}.${randomUUID()}`;
  try {
    await files.writeAtomic(fresh, text, 0o644);
    await files.rename(fresh, path);
  } finally {
    await files.remove(fresh);
  }
}
