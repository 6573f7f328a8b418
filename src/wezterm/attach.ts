import type { Async, AsyncHost, Pane, Window } from "wezterm";
import { explainAttachFailure } from "../shared/attach-failure.ts";
import { type Explanation, explain, type GateDecision } from "../shared/attach-gate.ts";
import { asRecord, asText, listOf } from "../shared/loose.ts";
import { loadMissing } from "./contract-file.ts";
import { answer, showExplanation } from "./explain.ts";
import { decide, vmDomain } from "./gate.ts";
import { announce, later } from "./guard.ts";
import { parseJson } from "./json-file.ts";
import { problemText } from "./log.ts";
import { recall, remember } from "./memory.ts";
import { notify } from "./notice.ts";
import { findPane, isIn } from "./panes.ts";
import { begin, finish, hold, isBusy, isCurrent } from "./phase.ts";
import { forget } from "./reattach-memory.ts";
import { newTab } from "./same-place.ts";
import { isVmDomain, session } from "./session.ts";
import { showPane } from "./show.ts";
import { currentStatus, statusOfText } from "./status-file.ts";
import { isLocal, runChild, runUp } from "./tabs.ts";

/** What follows when the VM is attached: `show` its pane, a new `tab` beside it, or the person is left to `stay`. */
export type Then = "show" | "tab" | "stay";

/** How long a press waits before it is said why it still does, seconds. */
const wishSeconds = 30;

/** How long each may hold the mark: WezTerm itself gives up an attach after a minute. */
const attachSeconds = 90;
const spawnSeconds = 10;
const askSeconds = 20;

/** A press of the key. */
export function press(host: AsyncHost, window: Async<Window>, pane: Async<Pane>, whenAttached: Then): void {
  // WezTerm queues a press that comes while the last one is answered and runs it right after: it was meant for that.
  const sinceFailure = os.time() - recall("failed_at");
  if (sinceFailure >= 0 && sinceFailure < 2 && recall("failed_in") === window.window_id()) return;
  proceed(host, window, pane, whenAttached);
}

/** What a press does, and whatever stands for one: decides by facts and acts. */
export function proceed(host: AsyncHost, window: Async<Window>, pane: Async<Pane>, whenAttached: Then): void {
  loadMissing();
  const decision = decide(host, currentStatus());
  if (decision.act === "ask") ask(window, pane, whenAttached);
  else act(host, window, pane, whenAttached, decision);
}

/**
 * What a press does, without one: after a lost link, or for a press that waited. Through the same gate; what it would
 * explain is a notice, and no second try follows, because nothing changes by itself.
 */
export function attachByItself(
  host: AsyncHost,
  window: Async<Window>,
  pane: Async<Pane>,
  whenAttached: Then,
): void {
  const decision = decide(host, currentStatus());
  if (decision.act === "attach")
    attach(host, window, pane, session.pluginContract.domain, whenAttached, true);
  else if (decision.act === "start") start(host, window, decision.headline);
  else if (decision.act === "explain") {
    forget();
    fail(host, window, pane, decision, true);
  }
}

/**
 * The status file says nothing fresh: ask the CLI, which looks for itself. Not in the key's own event, of which
 * WezTerm runs one at a time in a window: an answer that never comes would take the key along.
 */
function ask(window: Async<Window>, pane: Async<Pane>, whenAttached: Then): void {
  // For a moment only: a reload drops what is to run later.
  begin(os.time(), 2);
  later("ask", (host) => {
    const ticket = begin(os.time(), askSeconds);
    const said = runChild(host, ["attach", "--json"]);
    if (!isCurrent(ticket)) return;
    finish(ticket);
    const status = statusOfText(said.success ? said.stdout : "");
    act(host, window, pane, whenAttached, refusalOf(said.stderr) ?? decide(host, status, true));
  });
}

/** Why the CLI cannot answer, such as settings with a typo; undefined when it says nothing of the kind. */
function refusalOf(stderr: string): Explanation | undefined {
  const error = asRecord(asRecord(parseJson(stderr)).error);
  const what = asText(error.what);
  return what === undefined ? undefined : explain(what, listOf(error.details, asText), ["doctor"]);
}

function act(
  host: AsyncHost,
  window: Async<Window>,
  pane: Async<Pane>,
  whenAttached: Then,
  decision: GateDecision,
): void {
  if (decision.act === "attach") attach(host, window, pane, session.pluginContract.domain, whenAttached);
  else if (decision.act === "focus" || decision.act === "spawn") {
    const name = vmDomain(host)?.name() ?? session.pluginContract.domain;
    const { doubt } = decision;
    if (decision.act === "focus" && whenAttached === "show") {
      showVm(host, window);
      // Over ssh there is another link than the one that the status tells of.
      if (name === session.pluginContract.domain && doubt !== undefined) {
        if (doubt.act === "explain" || doubt.act === "wait") answer(window, doubt);
      }
    } else {
      // Under the mark, so that a press in another window meanwhile does not open one too.
      const [ok, problem] = hold(spawnSeconds, () => newTab(window, pane, name));
      if (!ok) fail(host, window, pane, explainAttachFailure(problemText(problem)));
    }
  } else if (decision.act === "start") start(host, window, decision.headline);
  else if (decision.act === "wait") {
    wish(window);
    answer(window, decision);
  } else if (decision.act === "explain") fail(host, window, pane, decision);
  else answer(window, explain("ascalon is at it already.", [], []));
}

/** `quiet`: nobody pressed anything just now, and a selector would take the keyboard from what is being typed. */
function fail(
  host: AsyncHost,
  window: Async<Window>,
  pane: Pane,
  explanation: Explanation,
  quiet?: boolean,
): void {
  if (quiet) notify(window, explanation.headline);
  else {
    remember("failed_at", os.time());
    remember("failed_in", window.window_id());
    showExplanation(window, explanation);
  }
  announce(host, "ascalon.attach.failed", window, pane, { message: explanation.headline });
}

/** Opens the tab that starts the VM; its last act is the message that presses again. */
function start(host: AsyncHost, window: Async<Window>, sentence: string): void {
  // That message may come before the status knows of the link.
  wish(window);
  let said = sentence;
  const [ok, problem] = hold(spawnSeconds, () => {
    if (!runUp(host, window)) said = "ascalon up has its tab already: here it is.";
  });
  notify(window, ok ? said : `ascalon could not be started: ${problemText(problem)}`);
}

/** Attaches into this window: without one, WezTerm opens the VM in a window of its own. */
export function attach(
  host: AsyncHost,
  window: Async<Window>,
  pane: Async<Pane>,
  name: string,
  whenAttached: Then,
  quiet?: boolean,
): void {
  const domain = host.mux.get_domain(name);
  if (domain === undefined || isBusy(os.time())) return;
  remember("wish", 0);
  remember("window", window.window_id());
  const shown = window.mux_window().active_tab();
  const [ok, problem] = hold(attachSeconds, () => {
    announce(host, "ascalon.attach.start", window, pane, { domain: name });
    domain.attach(window.mux_window());
    remember("wanted", 1);
    remember("failed_at", 0);
    remember("up_pane", 0);
    // A server without panes attaches and shows nothing.
    if (whenAttached === "tab" || !domain.has_any_panes()) newTab(window, pane, name);
  });
  // WezTerm's "Connecting" tab has taken the focus, and stands for two minutes after a failure. Who went to another tab
  // meanwhile is left there.
  if (!ok || whenAttached === "stay")
    pcall(() => isIn(window.mux_window().active_pane(), isLocal) || shown?.activate());
  if (!ok) {
    fail(host, window, pane, explainAttachFailure(problemText(problem)), quiet);
    return;
  }
  if (whenAttached === "show") showVm(host, window);
  announce(host, "ascalon.attach.finished", window, pane, { domain: name });
}

/**
 * Brings a tab of the VM to the front: this window's first, then any other's, and among those the one that its window
 * shows. One that is there already stays. WezTerm itself leaves an attach with that to luck: the VM's tabs may be in
 * another workspace, and its own "Connecting" tab may go back to the tab before it.
 */
function showVm(host: AsyncHost, window: Async<Window>): void {
  const found = findPane([window.mux_window()], isVmDomain) ?? findPane(host.mux.all_windows(), isVmDomain);
  if (found !== undefined) showPane(window, found);
}

/** What waits, waits in this window. */
function wish(window: Window): void {
  remember("wish", os.time() + wishSeconds);
  remember("window", window.window_id());
}

/**
 * Does what a press waits for, as soon as the gate lets it. After half a minute it is said what it waits for; it goes
 * on with that as long as the link is being made.
 */
export function heedWish(host: AsyncHost, window: Async<Window>, pane: Async<Pane>, now: number): void {
  const until = recall("wish");
  if (until === 0) return;
  const decision = decide(host, currentStatus());
  const left = until - now;
  const isNew = left > 0 && left <= wishSeconds;
  // Of a VM that ends, the link is gone some seconds before the status says so. A start of our own has its tab.
  if (decision.act === "attach" || (isNew && decision.act === "start" && recall("up_pane") === 0))
    later("wish", (own) => attachByItself(own, window, pane, "show"));
  if (isNew) return;
  // 1: it was said.
  remember("wish", decision.act === "wait" || decision.act === "attach" ? 1 : 0);
  // Without news the last ones are told.
  const last = decide(host, currentStatus(), true);
  if (until > 1 && (last.act === "wait" || last.act === "explain")) fail(host, window, pane, last, true);
}
