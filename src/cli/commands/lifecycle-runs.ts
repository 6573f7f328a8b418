import type { CommandRun } from "../command.ts";
import { AscalonError } from "../errors.ts";
import { judgeAtStart, judgeDescription } from "../lifecycle/judge-description.ts";
import { planRestart, planStop, planUp } from "../lifecycle/plan.ts";
import type { Session } from "../lifecycle/session.ts";
import { atLogin } from "../lifecycle/stopped-by-hand.ts";
import { rebuildSentence } from "../present/plan.ts";
import { bootGoesOn, changeVm } from "./change-vm.ts";
import { staysDown } from "./ensure-running.ts";

/** start, stop and restart are about a VM that exists; making one is for `up`. */
function requireVm({ facts }: Session): void {
  if (facts.exists !== "absent") return;
  throw new AscalonError("E_VM_MISSING", { what: "there is no VM yet", run: "ascalon up" });
}

export const runStart: CommandRun = (context, flags) =>
  changeVm(context, flags, {
    command: "ascalon start",
    wish: "up",
    planFor: (session) => {
      requireVm(session);
      return planUp(session.settings, session.facts);
    },
    judge: judgeAtStart,
    joinsStart: true,
    mayBegin: async () => {
      if (!context.env[atLogin] || !(await staysDown(context))) return;
      throw new AscalonError("E_LOCKED", {
        what: "a person stopped the VM just before it was to be started at login",
        run: "ascalon start",
      });
    },
    idle: "The VM is running and ready: nothing to do.",
    interrupted: bootGoesOn,
  });

export const runStop: CommandRun = (context, flags) =>
  changeVm(context, flags, {
    command: "ascalon stop",
    wish: "down",
    needsNoSettings: true,
    planFor: (session) => {
      requireVm(session);
      return planStop(session.facts, flags.force === true);
    },
    idle: "The VM is stopped: nothing to do.",
    interrupted: {
      why: "a guest that was asked to shut down continues to do so",
      run: "ascalon status    (ascalon stop waits for it)",
    },
  });

export const runRestart: CommandRun = (context, flags) =>
  changeVm(context, flags, {
    command: "ascalon restart",
    wish: "up",
    planFor: (session) => {
      requireVm(session);
      return planRestart(session.settings, session.facts, flags.force === true);
    },
    judge: judgeDescription,
    idle: "nothing to do",
    next: (plan) => rebuildSentence(plan),
    interrupted: bootGoesOn,
  });
