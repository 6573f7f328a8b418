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
    needsNoSettings: true,
    planFor: ({ facts }) => planDestroy(facts, withHome),
    idle: "There is no VM: nothing to delete.",
    confirm: async (_plan, session) => {
      context.stderr.write(lossOf(session, withHome));
      if (flags.yes !== true) await confirmByName(context, withHome);
    },
    next: (_plan, { facts }) =>
      withHome || !facts.homeDisk ? undefined : "/home is kept: ascalon up finds it again.",
    interrupted: {
      why: "what was deleted by then is gone; /home goes last, and only with --with-home",
      run: "ascalon status    (ascalon destroy goes on)",
    },
  });
};

function lossOf({ facts }: Session, withHome: boolean): string {
  const home = facts.homeDisk
    ? `/home (${formatBytes(facts.homeDisk.allocatedBytes)} in use)`
    : "/home (no disk yet)";
  const lines =
    facts.exists === "absent"
      ? ["This deletes the home disk; there is no VM."]
      : [
          `This deletes the VM ${instanceName} in ${facts.folder}.`,
          "  lost: the guest's system and everything outside /home",
        ];
  lines.push(withHome ? `  lost: ${home}` : `  kept: ${home}`);
  return `${lines.join("\n")}\n`;
}

async function confirmByName(context: Context, withHome: boolean): Promise<void> {
  const run = withHome ? "ascalon destroy --with-home --yes" : "ascalon destroy --yes";
  const refuse = (what: string): AscalonError =>
    new AscalonError("E_CONFIRM", { what, why: "nothing was deleted", run });
  if (!context.stdinIsTTY)
    throw refuse("destroy wants the VM's name typed, and there is no terminal to ask on");
  const typed = await context.prompt(`Type the VM's name (${instanceName}) to delete it: `);
  context.signal.throwIfAborted();
  if (typed?.trim() !== instanceName) throw refuse("the name was not typed");
}
