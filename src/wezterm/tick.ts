import type { Async, AsyncHost, Pane, Window } from "wezterm";
import * as wezterm from "wezterm";
import { stepReattach } from "../shared/reattach.ts";
import { freshMux, type StatusFile } from "../shared/status.ts";
import { statusText } from "../shared/status-text.ts";
import { attachByItself, hasWish, proceed } from "./attach.ts";
import { vmDomain } from "./gate.ts";
import { announce, later, onAsync } from "./guard.ts";
import { recall, remember } from "./memory.ts";
import { endNotice, noticeNow, notify } from "./notice.ts";
import { isBusy } from "./phase.ts";
import { recallReattach, rememberReattach } from "./reattach-memory.ts";
import { session } from "./session.ts";
import { currentStatus } from "./status-file.ts";
import { hasLocalPane, keepLocalTab } from "./tabs.ts";

/** Seconds between two looks for a local pane: it walks over panes, and only a lost link needs it. */
const localTabSeconds = 5;

export function registerTick(): void {
  onAsync("update-status", (host, window, pane) => {
    const now = os.time();
    const status = currentStatus();
    // One window does the work of a second; update-status fires for each.
    if (recall("tick_at") !== now) {
      remember("tick_at", now);
      work(host, window, pane, status, now);
    }
    if (session.options.status === false) endNotice(window, now);
    else window.set_right_status(textNow(status, now));
  });
}

/**
 * What takes long runs later in a coroutine of its own: WezTerm keeps one update-status per window outstanding,
 * and an attach may last a minute.
 */
function work(
  host: AsyncHost,
  window: Async<Window>,
  pane: Async<Pane>,
  status: StatusFile | undefined,
  now: number,
): void {
  const attached = vmDomain(host)?.state() === "Attached";
  reattach(window, pane, status, now, attached);
  const looked = now - recall("local_tab_at");
  // Below 0 the clock was set back.
  if (attached && session.options.keep_local_tab && (looked < 0 || looked >= localTabSeconds)) {
    remember("local_tab_at", now);
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
  announceVm(host, window, pane, status);
}

function startsAttached(): boolean {
  return (session.options.attach ?? session.pluginContract.attach) === "startup";
}

function reattach(
  window: Async<Window>,
  pane: Async<Pane>,
  status: StatusFile | undefined,
  now: number,
  attached: boolean,
): void {
  const memory = recallReattach();
  const step = stepReattach(memory, { now, attached, busy: isBusy(now), status });
  rememberReattach(step.memory);
  const runs = status?.vm.state === "running";
  // A VM that somebody stops is not lost.
  if (memory.lostAt === 0 && step.memory.lostAt > 0 && runs)
    notify(window, "The connection to the VM was lost.");
  const wished = !attached && hasWish(now) && runs && freshMux(status, now)?.state === "up";
  if (wished || (step.attach && session.options.reattach)) {
    later("reattach", (host) => attachByItself(host, window, pane));
  }
}

/** Fires ascalon.vm.changed when the VM's state is another than at the last look; not at the first. */
function announceVm(host: AsyncHost, window: Window, pane: Pane, status: StatusFile | undefined): void {
  if (status === undefined) return;
  const from = wezterm.GLOBAL.ascalon_vm as string | undefined;
  const to = status.vm.state;
  wezterm.GLOBAL.ascalon_vm = to;
  if (from !== undefined && from !== to) announce(host, "ascalon.vm.changed", window, pane, { from, to });
}

/** The status text with the last notice before it while that is new. */
export function textNow(status: StatusFile | undefined, now: number): string {
  const notice = noticeNow(now);
  if (notice !== "") return notice;
  const text = statusText(status, now, { always: session.options.status === "always" });
  if (session.mismatch === undefined) return text;
  return text === "" ? "ascalon: versions differ" : `${text}, versions differ`;
}
