import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import { type Headline, headlineOf } from "../machine/facts.ts";
import { loadSettings } from "../settings/load.ts";

/**
 * Throws what keeps `shell` from the guest: always when there is no VM of ours, and when it does not run unless it
 * may be started.
 */
export async function refuseUnlessStartable(context: Context, mayStart: boolean): Promise<void> {
  const { settings } = await loadSettings(context);
  const machine = await context.openMachine(context, async () => settings.vm.type);
  const headline = headlineOf(await machine.observe());
  const error = refusal(headline);
  if (error && !(mayStart && isStartable(headline))) throw error;
}

const isStartable = (headline: Headline): boolean => headline !== "absent" && headline !== "foreign";

function refusal(headline: Headline): AscalonError | undefined {
  switch (headline) {
    case "ready":
      return undefined;
    case "absent":
      return new AscalonError("E_VM_MISSING", { what: "there is no VM yet", run: "ascalon up" });
    case "foreign":
      return new AscalonError("E_FOREIGN_INSTANCE", {
        what: "the Lima instance `ascalon` was not made by ascalon",
        why: "ascalon leaves it alone",
        run: "limactl shell ascalon",
      });
    case "starting":
      return new AscalonError("E_NOT_READY", { what: "the VM is still booting", run: "ascalon up" });
    case "broken":
      return new AscalonError("E_INSTANCE_BROKEN", {
        what: "one of the VM's processes is gone, or its pid files are",
        run: "ascalon up",
      });
    case "unreachable":
      return new AscalonError("E_SSH", { what: "the VM is running, but ssh to it fails", run: "ascalon up" });
    case "incomplete":
      return new AscalonError("E_VM_STOPPED", {
        what: "the creation of the VM was never finished",
        run: "ascalon up",
      });
    default:
      return new AscalonError("E_VM_STOPPED", { what: "the VM is not running", run: "ascalon start" });
  }
}
