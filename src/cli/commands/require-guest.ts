import { AscalonError } from "../errors.ts";
import type { Session } from "../lifecycle/session.ts";
import { headlineOf } from "../machine/facts.ts";

/** For commands about a guest that runs: throws with what it is instead, and what to run. */
export function requireGuest({ facts }: Session): void {
  switch (headlineOf(facts)) {
    case "ready":
      return;
    case "absent":
      throw new AscalonError("E_VM_MISSING", { what: "there is no VM yet", run: "ascalon up" });
    case "foreign":
      throw new AscalonError("E_FOREIGN_INSTANCE", {
        what: `the Lima instance ${facts.folder} was not made by ascalon`,
        why: "ascalon never touches an instance that it did not create",
        run: "limactl rename ascalon NEWNAME    (limactl stop it first)",
      });
    case "unreachable":
      throw new AscalonError("E_SSH", { what: "the VM is running, but ssh to it fails", run: "ascalon up" });
    case "starting":
      throw new AscalonError("E_NOT_READY", { what: "the VM is still booting", run: "ascalon up" });
    default:
      throw new AscalonError("E_VM_STOPPED", { what: "the VM is not running", run: "ascalon up" });
  }
}
