import { linkNamed } from "../../shared/status.ts";
import type { Context } from "../context.ts";
import { withSameSettings } from "../same-settings.ts";
import { askToAttach, heldByTmux, isHeldByTmux, isInWezTermPane } from "../wezterm/user-variable.ts";
import { statusNow } from "./attach-status.ts";
import { ensureRunning, staysDown } from "./ensure-running.ts";

/** The link follows the VM within seconds. */
const linkMs = 20_000;
/** As often as the agent writes; without one each look may read sshd's banner. */
const lookMs = 2_000;

/** A user variable of a pane that is already gone is dropped by WezTerm, so the pane stays for a moment. */
const variableMs = 1000;

/**
 * The last act of `ascalon up --attach`: the plugin attaches into the pane's window. It decides by the status, so with
 * `awaitsLink` the message waits until that knows of the link; after a while it is sent all the same.
 */
export async function attachAfterUp(context: Context, awaitsLink: boolean): Promise<void> {
  const inPane = isInWezTermPane(context);
  if (!inPane || (await isHeldByTmux(context))) {
    const why = inPane ? `${heldByTmux}\nSo` : "This is not a WezTerm pane, so";
    context.stderr.write(
      withSameSettings(`${why} nothing was attached. Next: ascalon attach\n`, context.configFlag),
    );
    return;
  }
  if (awaitsLink) await awaitLink(context);
  askToAttach(context);
  await context.clock.sleep(variableMs, context.signal);
}

async function awaitLink(context: Context): Promise<void> {
  let until = context.clock.monotonic() + linkMs;
  let isStartedAgain = false;
  while (context.clock.monotonic() < until) {
    const status = await statusNow(context);
    if (linkNamed(status, "mux")?.state === "up") return;
    if (status.vm.state === "stopped" && !isStartedAgain && !(await staysDown(context))) {
      isStartedAgain = true;
      await ensureRunning(context, "ascalon up");
      until = context.clock.monotonic() + linkMs;
    }
    await context.clock.sleep(lookMs, context.signal);
  }
}
