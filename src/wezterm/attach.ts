import type { Async, AsyncHost, Domain, Pane, Window } from "wezterm";
import { explainAttachFailure } from "../shared/attach-failure.ts";
import { decideAttach, type Explanation, type GateDecision } from "../shared/attach-gate.ts";
import { positionOf } from "../shared/pieces.ts";
import type { StatusFile } from "../shared/status.ts";
import { showExplanation } from "./explain.ts";
import { announce } from "./guard.ts";
import { recall, remember } from "./memory.ts";
import { notify } from "./notice.ts";
import { findPane } from "./panes.ts";
import { begin, finish, isBusy, isCurrent, seconds } from "./phase.ts";
import { newVmTab } from "./same-place.ts";
import { isVmDomain, session } from "./session.ts";
import { currentStatus, statusOfText } from "./status-file.ts";
import { runChild, runUp } from "./tabs.ts";

/** What follows when the VM is attached: `show` its pane, or a new `tab` beside it. */
export type Then = "show" | "tab";

/** How long a press waits for a link that is being made, seconds. */
const wishSeconds = 30;

/** A press of the key, or whatever stands for one: decides by facts and acts. */
export function press(host: AsyncHost, window: Async<Window>, pane: Async<Pane>, whenAttached: Then): void {
  // WezTerm queues a press that comes during an attach and runs it right after: it was meant for the one that failed.
  const sinceFailure = os.time() - recall("failed_at");
  if (sinceFailure >= 0 && sinceFailure < 2) return;
  const decision = decide(host, currentStatus(), false);
  if (decision.act === "ask") ask(host, window, pane, whenAttached);
  else act(host, window, pane, whenAttached, decision);
}

function decide(host: AsyncHost, status: StatusFile | undefined, asked: boolean): GateDecision {
  const domain = vmDomain(host);
  return decideAttach({
    now: os.time(),
    status,
    domain: domain === undefined ? "unregistered" : domain.state() === "Attached" ? "attached" : "detached",
    hasPanes: domain?.has_any_panes() === true,
    busy: isBusy(os.time()),
    asked,
    cliKnown: session.commandPrefix.length > 0,
    guiPid: guiPid(),
  });
}

/** The VM's domain: the one that is attached, else the first. */
export function vmDomain(host: AsyncHost): Async<Domain> | undefined {
  const proxy = host.mux.get_domain(session.pluginContract.proxyDomain);
  if (proxy?.state() === "Attached") return proxy;
  return host.mux.get_domain(session.pluginContract.domain);
}

/** Process id of this GUI: WezTerm puts the path of its own socket, `…/gui-sock-PID`, into its environment. */
function guiPid(): number | undefined {
  const socket = os.getenv("WEZTERM_UNIX_SOCKET") ?? "";
  const at = positionOf(socket, "gui-sock-");
  if (at < 0) return undefined;
  return tonumber(socket.slice(at + 9));
}

/** The status file says nothing fresh: ask the CLI, which looks for itself. The window stays free meanwhile. */
function ask(host: AsyncHost, window: Async<Window>, pane: Async<Pane>, whenAttached: Then): void {
  const ticket = begin(os.time(), seconds.ask);
  const { success, stdout } = runChild(host, ["attach", "--json"]);
  if (!isCurrent(ticket)) return;
  finish(ticket);
  const decision = decide(host, statusOfText(success ? stdout : ""), true);
  act(host, window, pane, whenAttached, decision);
}

function act(
  host: AsyncHost,
  window: Async<Window>,
  pane: Async<Pane>,
  whenAttached: Then,
  decision: GateDecision,
): void {
  if (decision.act === "attach") attach(host, window, pane, session.pluginContract.domain, whenAttached);
  else if (decision.act === "focus" && whenAttached === "show") showVm(host, window);
  else if (decision.act === "focus" || decision.act === "spawn") newVmTab(window, pane, attachedName(host));
  else if (decision.act === "start") start(host, window, decision.sentence);
  else if (decision.act === "wait") {
    remember("wish_until", os.time() + wishSeconds);
    notify(window, decision.sentence);
  } else if (decision.act === "explain") fail(host, window, pane, decision);
}

function fail(host: AsyncHost, window: Async<Window>, pane: Pane, explanation: Explanation): void {
  showExplanation(window, pane, explanation);
  announce(host, "ascalon.attach.failed", window, pane, { message: explanation.headline });
}

const attachedName = (host: AsyncHost): string => vmDomain(host)?.name() ?? session.pluginContract.domain;

/** Opens the tab that starts the VM; its last act is the message that presses again. */
function start(host: AsyncHost, window: Async<Window>, sentence: string): void {
  const ticket = begin(os.time(), seconds.spawn);
  notify(window, sentence);
  const [ok, problem] = pcall(runUp, host, window);
  finish(ticket);
  if (!ok) notify(window, `ascalon could not be started: ${tostring(problem)}`);
}

/** Attaches into this window: without one, WezTerm opens the VM in a window of its own. */
export function attach(
  host: AsyncHost,
  window: Async<Window>,
  pane: Async<Pane>,
  name: string,
  whenAttached: Then,
): void {
  const domain = host.mux.get_domain(name);
  if (domain === undefined || isBusy(os.time())) return;
  const ticket = begin(os.time(), seconds.attach);
  announce(host, "ascalon.attach.start", window, pane, { domain: name });
  const [ok, problem] = pcall(() => domain.attach(window.mux_window()));
  finish(ticket);
  if (!ok) {
    remember("failed_at", os.time());
    fail(host, window, pane, explainAttachFailure(tostring(problem)));
    return;
  }
  remember("wanted", 1);
  // A server without panes attaches and shows nothing.
  if (whenAttached === "tab" || !domain.has_any_panes()) newVmTab(window, pane, name);
  announce(host, "ascalon.attach.finished", window, pane, { domain: name });
}

/** Brings a pane of the VM to the front: this window's first, then any other's. */
function showVm(host: AsyncHost, window: Async<Window>): void {
  const here = window.mux_window();
  const found = findPane([here], isVmDomain) ?? findPane(host.mux.all_windows(), isVmDomain);
  if (found === undefined) return;
  found.tab.activate();
  if (found.window.window_id() !== here.window_id()) {
    (found.window as Async<typeof found.window>).gui_window()?.focus();
  }
}

/** Whether a press still waits for the link. */
export function hasWish(now: number): boolean {
  const left = recall("wish_until") - now;
  return left > 0 && left <= wishSeconds;
}
