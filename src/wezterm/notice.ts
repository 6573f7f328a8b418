import type { Window } from "wezterm";
import * as wezterm from "wezterm";
import { recall, remember } from "./memory.ts";
import { session } from "./session.ts";

/** Seconds that a notice stays in the status text. */
const shownSeconds = 10;

const last = { text: "", endsAt: 0 };

/**
 * One sentence to the person: in the window's right status for a while, also when the option `status` is off, a
 * toast where the system shows toasts (macOS only for signed builds), and the log.
 */
export function notify(window: Window, text: string): void {
  wezterm.log_info(`ascalon: ${text}`);
  last.text = text;
  last.endsAt = os.time() + shownSeconds;
  remember(`notice_${window.window_id()}`, last.endsAt);
  window.set_right_status(text);
  if (session.options.notifications) pcall(() => window.toast_notification("ascalon", text, undefined, 5000));
}

/** The notice that is still to be seen; empty when there is none. */
export const noticeNow = (now: number): string => (isShown(last.endsAt, now) ? last.text : "");

function isShown(until: number, now: number): boolean {
  const left = until - now;
  return left > 0 && left <= shownSeconds;
}

/** Takes a notice out of the right status of a window that shows nothing else of ours. */
export function endNotice(window: Window, now: number): void {
  const name = `notice_${window.window_id()}`;
  const until = recall(name);
  if (until === 0 || isShown(until, now)) return;
  remember(name, 0);
  window.set_right_status("");
}
