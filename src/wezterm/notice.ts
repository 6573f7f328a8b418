import type { Async, Window } from "wezterm";
import * as wezterm from "wezterm";
import { emitEvent } from "./actions.ts";
import { recall, remember } from "./memory.ts";
import { session } from "./session.ts";
import { perform } from "./show.ts";

/** Seconds that a notice stays in the status text. */
const shownSeconds = 10;

/** 1: never, which no window has. */
const last = { text: "", endsAt: 1 };

/**
 * One sentence to the person: in the window's right status for a while, also when the option `status` is off, a
 * toast where the system shows toasts (macOS only for signed builds), and the log.
 */
export function notify(window: Window, text: string): void {
  wezterm.log_info(`ascalon: ${text}`);
  last.text = text;
  last.endsAt = os.time() + shownSeconds;
  remember(nameFor(window), last.endsAt);
  window.set_right_status(text);
  if (session.options.notifications) pcall(() => window.toast_notification("ascalon", text, undefined, 5000));
}

/** The notice that is still to be seen; empty when there is none. */
export const noticeNow = (now: number): string => (isShown(last.endsAt, now) ? last.text : "");

function isShown(until: number, now: number): boolean {
  const left = until - now;
  return left > 0 && left <= shownSeconds;
}

/** Where it is kept until when a window shows a notice. */
const nameFor = (window: Window): string => `notice_${window.window_id()}`;

/**
 * Sets the last notice again in its window, where the option `status` is off: a handler of the person's own has set its
 * text just before, and does so every second.
 */
export function keepNotice(window: Window): void {
  if (recall(nameFor(window)) === last.endsAt) window.set_right_status(last.text);
}

/**
 * Takes a notice out of the right status of a window that shows nothing else of ours, and has the handlers of others
 * asked at once what stands there instead.
 */
export function endNotice(window: Async<Window>, now: number): void {
  const until = recall(nameFor(window));
  if (until === 0 || isShown(until, now)) return;
  remember(nameFor(window), 0);
  window.set_right_status("");
  perform(window, emitEvent("update-status"));
}
