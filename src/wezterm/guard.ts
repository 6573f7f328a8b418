import type { Async, AsyncHost, KeyAction, Pane, Window } from "wezterm";
import * as wezterm from "wezterm";
import { logProblem, warn } from "./log.ts";

/** The one place that turns the module into its async view, for the handlers of coroutine events. */
const asyncHost = wezterm as unknown as AsyncHost;

export type AsyncHandler = (
  host: AsyncHost,
  window: Async<Window>,
  pane: Async<Pane>,
  first: string,
  second: string,
) => void;

/**
 * Registers a handler of an event that WezTerm runs as a coroutine. Whatever it raises is logged and announced
 * and goes no further, and it returns nothing: a raise or a false would stop the handlers of others.
 */
export function onAsync(event: string, handler: AsyncHandler): void {
  wezterm.on(event, guarded(event, handler));
}

/** The same for InputSelector's action. */
export function callback(event: string, handler: AsyncHandler): KeyAction {
  return wezterm.action_callback(guarded(event, handler));
}

/**
 * Runs work a moment later in a coroutine of its own; a reload in between drops it. Once: a timer is a number, and that
 * of a Lua state that was reloaded runs what has the same number here (wezterm lua-api-crates/time-funcs, schedule).
 */
export function later(event: string, work: (host: AsyncHost) => void): void {
  let isDue = true;
  wezterm.time.call_after(0.01, () => {
    if (isDue) {
      isDue = false;
      attempt(event, work);
    }
  });
}

/** Runs work; what it raises is logged and goes no further. */
export function attempt(where: string, work: (host: AsyncHost) => void): void {
  const [ok, problem] = pcall(work, asyncHost);
  if (!ok) logProblem(where, problem);
}

function guarded(event: string, handler: AsyncHandler) {
  return (window: Async<Window>, pane: Async<Pane>, first: string, second: string): void => {
    const [ok, problem] = pcall(handler, asyncHost, window, pane, first, second);
    if (ok) return;
    logProblem(event, problem);
    announce(asyncHost, "ascalon.error", window, pane, { event, message: tostring(problem) });
  };
}

/** Fires an event for others; what their handlers raise stays theirs. */
export function announce(
  host: AsyncHost,
  event: string,
  window: Window,
  pane: Pane,
  details: Readonly<Record<string, string | number | boolean>>,
): void {
  const [ok, problem] = pcall(host.emit, event, window, pane, details);
  if (!ok) warn(`a handler of ${event}: ${tostring(problem)}`);
}
