import type { CommandRun } from "../command.ts";
import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import { planDestroy } from "../lifecycle/plan.ts";
import type { Session } from "../lifecycle/session.ts";
import { instanceName } from "../paths.ts";
import { formatBytes } from "../present/bytes.ts";
import { changeVm } from "./change-vm.ts";

export const runDestroy: CommandRun = (context, flags) => {
  const withHome = flags.withHome === true;
  return changeVm(context, flags, {
    command: "ascalon destroy",
    planFor: ({ facts }) => planDestroy(facts, withHome),
    idle: "There is no VM: nothing to do.",
    confirm: async (_plan, session) => {
      context.stderr.write(lossOf(session, withHome));
      if (flags.yes !== true) await confirmByName(context);
    },
    next: () => (withHome ? "" : "/home is kept: ascalon up finds it again."),
  });
};

function lossOf({ facts }: Session, withHome: boolean): string {
  const home = facts.homeDisk
    ? `/home (${formatBytes(facts.homeDisk.allocatedBytes)} in use)`
    : "/home (no disk yet)";
  const lines = [
    `This deletes the VM ${instanceName} in ${facts.folder}.`,
    `  lost: the guest's system and everything outside /home`,
    withHome ? `  lost: ${home}` : `  kept: ${home}`,
  ];
  return `${lines.join("\n")}\n`;
}

async function confirmByName(context: Context): Promise<void> {
  const refuse = (what: string): AscalonError =>
    new AscalonError("E_CONFIRM", { what, why: "nothing was deleted", run: "ascalon destroy --yes" });
  if (!context.stdinIsTTY)
    throw refuse("destroy wants the VM's name typed, and there is no terminal to ask on");
  const typed = await context.prompt(`Type the VM's name (${instanceName}) to delete it: `);
  if (typed?.trim() !== instanceName) throw refuse("the name was not typed");
}
