import type { Async, AsyncHost, Pane, Window } from "wezterm";
import * as wezterm from "wezterm";
import { stepReattach } from "../shared/reattach.ts";
import type { StatusFile } from "../shared/status.ts";
import { statusText } from "../shared/status-text.ts";
import { attachByItself, heedWish, proceed } from "./attach.ts";
import { askWhetherAlive, isOurs, keepTime, registerClock } from "./clock.ts";
import { isAttached, vmDomain } from "./gate.ts";
import { announce, later, onAsync } from "./guard.ts";
import { recall, remember } from "./memory.ts";
import { endNotice, keepNotice, noticeNow, notify } from "./notice.ts";
import { isIn } from "./panes.ts";
import { isBusy } from "./phase.ts";
import { recallReattach, rememberReattach } from "./reattach-memory.ts";
import { isVmDomain, session } from "./session.ts";
import { currentStatus } from "./status-file.ts";
import { hasLocalPane, keepLocalTab } from "./tabs.ts";

/** Seconds between two looks for a local pane: it walks over panes, and only a lost link needs it. */
const localTabSeconds = 5;

/** How long after the VM was last seen in front a lost connection brings it back there. */
const frontSeconds = 30;

export function registerTick(): void {
  registerClock();
  // A new window and a reload begin with this one, and this Lua state's clock with them.
  onAsync("window-config-reloaded", () => keepTime(tick));
  onAsync("update-status", (_host, window) => {
    keepTime(tick);
    if (session.options.status === false) keepNotice(window);
    else window.set_right_status(textNow(currentStatus(), os.time()));
  });
}

function tick(host: AsyncHost): void {
  const now = os.time();
  const windows = host.gui.gui_windows();
  let window = windows[0];
  for (const one of windows) {
    if (session.options.status === false) endNotice(one, now);
    if (one.window_id() === recall("window")) window = one;
  }
  const pane = window?.mux_window().active_pane();
  if (window === undefined || pane === undefined) return;
  if (isOurs()) work(host, window, pane as Async<Pane>, currentStatus(), now);
  askWhetherAlive(window, pane);
}

/** What takes long runs later in a coroutine of its own: an attach may last a minute. */
function work(
  host: AsyncHost,
  window: Async<Window>,
  pane: Async<Pane>,
  status: StatusFile | undefined,
  now: number,
): void {
  const attached = isAttached(vmDomain(host));
  if (attached) remember("front", isIn(pane, isVmDomain) ? now : 0);
  reattach(host, window, pane, status, now, attached);
  const looked = now - recall("local_at");
  // Below 0 the clock was set back.
  if (attached && session.options.keep_local_tab && (looked < 0 || looked >= localTabSeconds)) {
    remember("local_at", now);
    // Looked at here: each timer registers one more event with WezTerm, for as long as this Lua state lives.
    if (!hasLocalPane(host)) later("keep-local-tab", (own) => keepLocalTab(own, window.mux_window()));
  }
  if (recall("started") === 0) {
    if (!startsAttached()) remember("started", 1);
    else {
      later("startup", (own) => {
        // Here and not before: a reload drops what is to run later.
        remember("started", 1);
        proceed(own, window, pane, "show");
      });
    }
  }
  announceVm(window, pane, status);
}

function startsAttached(): boolean {
  return (session.options.attach ?? session.pluginContract.attach) === "startup";
}

function reattach(
  host: AsyncHost,
  window: Async<Window>,
  pane: Async<Pane>,
  status: StatusFile | undefined,
  now: number,
  attached: boolean,
): void {
  const memory = recallReattach();
  const busy = isBusy(now);
  const step = stepReattach(memory, { now, attached, busy, status });
  rememberReattach(step.memory);
  // Not before it is known: whoever closes the VM's window or detaches it in WezTerm lost nothing. Nor is a VM lost that
  // somebody stops.
  if (memory.nextAt === 0 && step.memory.nextAt > 0 && status?.vm.state === "running")
    notify(window, "The connection to the VM was lost.");
  if (!attached && !busy) heedWish(host, window, pane, now);
  if (!step.attach || !session.options.reattach) return;
  // Who has worked in another tab for a while types there: the VM comes back behind it.
  const then = now - recall("front") < frontSeconds ? "show" : "stay";
  later("reattach", (own) => attachByItself(own, window, pane, then));
}

/** Fires ascalon.vm.changed when the VM's state is another than at the last look; not at the first. */
function announceVm(window: Window, pane: Pane, status: StatusFile | undefined): void {
  if (status === undefined) return;
  const from = wezterm.GLOBAL.ascalon_vm as string | undefined;
  const to = status.vm.state;
  wezterm.GLOBAL.ascalon_vm = to;
  // Later, because somebody's handler may never come back.
  if (from !== undefined && from !== to)
    later("ascalon.vm.changed", (host) => announce(host, "ascalon.vm.changed", window, pane, { from, to }));
}

/** The status text with the last notice before it while that is new. */
export function textNow(status: StatusFile | undefined, now: number): string {
  const notice = noticeNow(now);
  if (notice !== "") return notice;
  const text = statusText(status, now, { always: session.options.status === "always" });
  if (session.mismatch === undefined) return text;
  return text === "" ? "ascalon: versions differ" : `${text}, versions differ`;
}
