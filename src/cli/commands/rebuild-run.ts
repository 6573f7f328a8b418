import type { CommandRun, Flags } from "../command.ts";
import type { Context } from "../context.ts";
import { type ExitCode, exitCodes } from "../errors.ts";
import { withSystemSteps } from "../lifecycle/first-system.ts";
import { openSession, type Session } from "../lifecycle/session.ts";
import { askBuild, buildText, refusalsOf } from "../nixos/build-system.ts";
import { noFlake, uploadFlake } from "../nixos/flake-copy.ts";
import type { RebuildWish } from "../nixos/rebuild-plan.ts";
import type { SystemWork } from "../nixos/system-work.ts";
import { updateInputs } from "../nixos/update-inputs.ts";
import { printable } from "../printable.ts";
import { changedKeys } from "../settings/diff.ts";
import { changeVm } from "./change-vm.ts";
import { requireGuest } from "./require-guest.ts";

/** Where a dry run's copy of the flake lies: what /etc/nixos has stays. */
const dryRunFolder = "/var/tmp/ascalon-dry-run";

export const runRebuild: CommandRun = async (context, flags) => {
  if (flags.dryRun === true) return await showOnly(context, flags);
  return await changeVm(context, flags, {
    command: "ascalon rebuild",
    planFor: (session) => {
      requireGuest(session);
      requireFlake(session);
      const { settings, facts } = session;
      const changes = facts.applied ? changedKeys(facts.applied, settings) : [];
      return withSystemSteps({ steps: [], changes }, wishOf(session, flags), facts);
    },
    idle: "nothing to do",
    next: () => "The guest runs the new system; ascalon generations lists all of them.",
    interrupted: {
      why: "if a new system was active and not confirmed by then, the guest goes back by itself",
      run: "ascalon rebuild    (after rebuild.confirm seconds)",
    },
  });
};

function wishOf({ settings, facts }: Session, flags: Flags): RebuildWish {
  const { update } = flags;
  // From the image's system a live switch would cut its own connection.
  const isFirst = facts.applied?.system.flake === null;
  return {
    host: settings.system.host,
    boot: flags.boot === true || isFirst,
    rollback: flags.rollback !== false,
    confirmSeconds: settings.rebuild.confirmSeconds,
    ...(update === undefined ? {} : { update: typeof update === "string" ? [update] : [] }),
  };
}

function requireFlake({ settings, facts }: Session): void {
  if (settings.system.flake === null) throw noFlake(facts.applied?.system.flake ?? null);
}

/** The flake and the build that would come of it; the guest's system and its /etc/nixos stay as they are. */
async function showOnly(context: Context, flags: Flags): Promise<ExitCode> {
  const session = await openSession(context);
  requireGuest(session);
  requireFlake(session);
  const notes: string[] = [];
  const work: SystemWork = {
    context,
    machine: session.machine,
    settings: session.settings,
    wish: wishOf(session, flags),
    start: { timeoutMs: 0, wait: false, signal: context.signal },
    flakeFolder: dryRunFolder,
    note: (text) => notes.push(text),
    found: {},
  };
  const quiet = (): void => {};
  await uploadFlake(work, quiet);
  if (work.wish.update !== undefined) await updateInputs(work, quiet);
  const build = await askBuild(work, quiet);
  const refusals = (await refusalsOf(work, build)).map(({ what }) => what);
  context.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ schema: 1, notes, ...build, refusals })}\n`
      : [...notes, buildText(build), ...build.built.map((name) => `  build ${name}`), ...refusals]
          .map((line) => `${printable(line)}\n`)
          .join(""),
  );
  return refusals.length > 0 ? exitCodes.failed : exitCodes.ok;
}
