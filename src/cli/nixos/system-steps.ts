import { AscalonError } from "../errors.ts";
import type { Progress } from "../machine/machine.ts";
import { buildSystem, dryBuild } from "./build-system.ts";
import { bringLockBack, uploadFlake } from "./flake-copy.ts";
import { checkHealth } from "./health.ts";
import type { SystemStepKind } from "./rebuild-plan.ts";
import { recordSystem } from "./record-system.ts";
import { makeDefault, switchTo } from "./switch-system.ts";
import { factsBefore, runsAlready, type SystemWork, sameAgain } from "./system-work.ts";
import { updateInputs } from "./update-inputs.ts";
import { arm, confirm, goBack, rollbackStatus, settledStatus } from "./way-back.ts";

/** One step of a change of the guest's system. What fails after the switch has the guest go back. */
export async function applySystemStep(
  kind: SystemStepKind,
  work: SystemWork,
  progress: Progress,
): Promise<void> {
  switch (kind) {
    case "upload-flake":
      return await uploadFlake(work, progress);
    case "update":
      return await updateInputs(work, progress);
    case "dry-build":
      return await dryBuild(work, progress);
    case "build":
      await buildSystem(work, progress);
      return work.wish.update === undefined ? await bringLockBack(work) : undefined;
    case "arm":
      await factsBefore(work);
      await refuseUnsettled(work, progress);
      return runsAlready(work) ? undefined : await arm(work, progress);
    case "activate":
      return runsAlready(work) ? undefined : await orGoBack(work, progress, () => switchTo(work, progress));
    case "restart":
      return runsAlready(work) ? undefined : await restart(work, progress);
    case "check":
      await factsBefore(work);
      return await orGoBack(work, progress, () => checkHealth(work, progress));
    case "confirm":
      // What ran before was not on trial, unless an earlier rebuild was interrupted.
      if (runsAlready(work) && (await settledStatus(work)).state !== "armed") return;
      return await confirm(work);
    case "make-default":
      return await makeDefault(work, progress);
    case "record-system":
      return await recordSystem(work);
  }
}

/** With a system on trial, the way back would lead to the untried one. */
async function refuseUnsettled(work: SystemWork, progress: Progress): Promise<void> {
  if (runsAlready(work)) return;
  const status = await settledStatus(work, { unchanged: true, progress });
  const { system } = await factsBefore(work);
  if (status.state !== "armed" || status.previous === system) return;
  throw new AscalonError("E_SWITCH", {
    what: "an earlier rebuild was never confirmed, and the guest is about to go back from it",
    why: `it returns to ${status.previous} within ${status.seconds} s`,
    run: `${sameAgain(work)}    (after that time)`,
  });
}

async function restart(work: SystemWork, progress: Progress): Promise<void> {
  const how = await work.machine.stop({ force: false }, progress);
  if (how !== undefined) work.note(how);
  await work.machine.start({ ...work.start, wait: true }, progress);
}

async function orGoBack(work: SystemWork, progress: Progress, doIt: () => Promise<void>): Promise<void> {
  try {
    await doIt();
  } catch (error) {
    if (!(error instanceof AscalonError)) throw error;
    // Nothing was changed by a system that ran before, so there is nothing to go back to.
    if (runsAlready(work) && (await rollbackStatus(work))?.state !== "armed") throw error;
    throw new AscalonError(error.code, {
      what: error.message,
      why: await goBack(work, progress),
      run: error.run ?? "ascalon logs rebuild",
      details: error.details,
      cause: error,
    });
  }
}
