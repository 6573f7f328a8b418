import type { CommandRun } from "../command.ts";
import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import { findHomePlace, type HomePlace } from "../lifecycle/home-place.ts";
import { planDestroy } from "../lifecycle/plan.ts";
import type { Session } from "../lifecycle/session.ts";
import { instanceName } from "../paths.ts";
import { formatBytes } from "../present/bytes.ts";
import { changeVm } from "./change-vm.ts";

export const runDestroy: CommandRun = (context, flags) => {
  const withHome = flags.withHome === true;
  let place: HomePlace = "unknown";
  return changeVm(context, flags, {
    command: "ascalon destroy",
    wish: "down",
    needsNoSettings: true,
    planFor: ({ facts }) => planDestroy(facts, withHome),
    idle: "There is no VM: nothing to delete.",
    confirm: async (_plan, session) => {
      place = await findHomePlace(context, session.facts);
      context.stderr.write(lossOf(session, withHome, place));
      if (flags.yes !== true) await confirmByName(context, withHome);
    },
    next: (_plan, { facts }) => {
      if (withHome || !facts.homeDisk) return undefined;
      return place === "home-disk"
        ? "/home is kept: ascalon up finds it again."
        : "The home disk is kept: the next ascalon up uses it again.";
    },
    interrupted: {
      why: "what was deleted by then is gone; the home disk goes last, and only with --with-home",
      run: "ascalon status    (ascalon destroy continues)",
    },
  });
};

function lossOf({ facts }: Session, withHome: boolean, place: HomePlace): string {
  const disk = facts.homeDisk ? `(${formatBytes(facts.homeDisk.allocatedBytes)} in use)` : "(none yet)";
  const outcome = withHome ? "lost" : "kept";
  if (facts.exists === "absent")
    return `This deletes the home disk; there is no VM.\n  ${outcome}: the home disk ${disk}\n`;
  const lines = [`This deletes the VM ${instanceName} in ${facts.folder}.`];
  switch (place) {
    case "home-disk":
      lines.push("  lost: the guest's system and everything outside /home", `  ${outcome}: /home ${disk}`);
      break;
    case "system-disk":
      lines.push(
        "  lost: the guest's system and everything in it, /home too: this guest has it on the system disk",
        `  ${outcome}: the home disk ${disk}, which this guest does not use`,
      );
      break;
    default:
      lines.push(
        "  lost: the guest's system, and /home unless this guest has it on the home disk",
        `  ${outcome}: the home disk ${disk}`,
      );
  }
  return `${lines.join("\n")}\n`;
}

async function confirmByName(context: Context, withHome: boolean): Promise<void> {
  const run = withHome ? "ascalon destroy --with-home --yes" : "ascalon destroy --yes";
  const refuse = (what: string): AscalonError =>
    new AscalonError("E_CONFIRM", { what, why: "nothing was deleted", run });
  if (!context.stdinIsTTY)
    throw refuse("destroy needs the VM's name typed, and there is no terminal to ask on");
  const typed = await context.prompt(`Type the VM's name (${instanceName}) to delete it: `);
  context.signal.throwIfAborted();
  if (typed?.trim() !== instanceName) throw refuse("the name was not typed");
}
