import type { Async, KeyAction, MuxWindow, Pane, Window } from "wezterm";
import * as wezterm from "wezterm";

/** Performs an action on the pane that the window shows: that of a press may be gone, and WezTerm refuses it then. */
export function perform(window: Async<Window>, action: KeyAction): void {
  const pane = window.mux_window().active_pane();
  if (pane !== undefined) window.perform_action(action, pane);
}

/**
 * Brings a pane's tab to the front, in whichever window and workspace it is. Not the pane itself: that would take the
 * focus from another split of the tab and end its zoom, in the VM's server too.
 */
export function showPane(window: Async<Window>, pane: Pane): void {
  pane.tab()?.activate();
  const owner = pane.window() as Async<MuxWindow> | undefined;
  if (owner === undefined || owner.window_id() === window.window_id()) return;
  // What is in another workspace has no window on the screen: WezTerm raises.
  const [ok, shown] = pcall(() => owner.gui_window());
  if (ok && shown !== undefined) shown.focus();
  else window.perform_action(wezterm.action.SwitchToWorkspace({ name: owner.get_workspace() }), pane);
}
