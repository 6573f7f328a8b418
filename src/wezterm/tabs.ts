import type { Async, AsyncHost, MuxWindow, Pane, Tab, Window } from "wezterm";
import { problemText } from "./log.ts";
import { recall, remember } from "./memory.ts";
import { findPane } from "./panes.ts";
import { isVmDomain, session } from "./session.ts";
import { showPane } from "./show.ts";

/** Keeps the tab after the program's end, so that its last words can be read. */
const told = (what: string): string => `printf '\\n[ended with %s; Enter ${what}] ' "$?"; read -r _`;
const holdAlways = `"$@"; ${told("closes this tab")}`;

/**
 * Closes the tab after success, tries again after failure: the key shows this tab instead of a second start, so it has
 * to lead on. The second of sleep lets WezTerm deliver the message that the command printed last, while its pane still
 * exists.
 */
const holdFailure = `until "$@"; do ${told("tries again")} || exit; done; sleep 1`;

export function commandLine(argv: readonly string[]): string[] {
  const line: string[] = [];
  for (const word of session.commandPrefix) line.push(word);
  for (const word of argv) line.push(word);
  return line;
}

function shellLine(script: string, argv: readonly string[]): string[] {
  const line = ["/bin/sh", "-c", script, "sh"];
  for (const word of commandLine(argv)) line.push(word);
  return line;
}

const spawnLocal = (
  window: Async<MuxWindow>,
  args?: readonly string[],
): LuaMultiReturn<[Tab, Pane, MuxWindow]> => window.spawn_tab({ domain: { DomainName: "local" }, args });

/** Runs an ascalon command in a new local tab. */
export function runInTab(window: Async<Window>, argv: readonly string[]): void {
  spawnLocal(window.mux_window(), shellLine(holdAlways, argv));
}

/**
 * `ascalon up --attach` in a local tab: one at a time, over reloads. A second call shows the first tab and gives false:
 * it may be at work, or tell why it failed.
 */
export function runUp(host: AsyncHost, window: Async<Window>): boolean {
  const [ok, shown] = pcall(() => showKnown(host, window, recall("up_pane") - 1));
  if (ok && shown) return false;
  const [, pane] = spawnLocal(window.mux_window(), shellLine(holdFailure, ["up", "--attach"]));
  // Plus one: pane ids begin at 0, and 0 means never set, of which get_pane raises.
  remember("up_pane", pane.pane_id() + 1);
  return true;
}

function showKnown(host: AsyncHost, window: Async<Window>, id: number): boolean {
  const pane = host.mux.get_pane(id);
  // With an exit_behavior of the person's own, a tab outlives its program.
  if (pane.get_foreground_process_name() === undefined) return false;
  showPane(window, pane);
  return true;
}

/**
 * Opens a local tab behind the current one when every pane belongs to the VM: WezTerm quits within 0.1 s when
 * the connection of its only panes is lost.
 */
export function keepLocalTab(host: AsyncHost, window: Async<MuxWindow>): void {
  if (hasLocalPane(host)) return;
  const shown = window.active_tab();
  spawnLocal(window);
  shown?.activate();
}

/** The tab in which WezTerm reports a failed connect closes by itself and keeps nothing alive. */
export function isLocal(domain: string): boolean {
  return !isVmDomain(domain) && domain !== "TermWizTerminalDomain";
}

export function hasLocalPane(host: AsyncHost): boolean {
  return findPane(host.mux.all_windows(), isLocal) !== undefined;
}

export interface ChildResult {
  readonly success: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** pcall of what has three results; the second is the problem when the first is false. */
type Tried = (
  this: void,
  run: AsyncHost["run_child_process"],
  argv: readonly string[],
) => LuaMultiReturn<[boolean, boolean, string, string]>;

/** Runs ascalon in the background. A missing program raises in WezTerm and is a failure with its text here. */
export function runChild(host: AsyncHost, argv: readonly string[]): ChildResult {
  const [ok, success, stdout, stderr] = (pcall as unknown as Tried)(
    host.run_child_process,
    commandLine(argv),
  );
  return ok ? { success, stdout, stderr } : { success: ok, stdout: "", stderr: problemText(success) };
}
