import type { Window } from "wezterm";
import * as wezterm from "wezterm";
import { recall, remember } from "./memory.ts";
import { session } from "./session.ts";

/** Seconds that a notice stays in the status text. */
const shownSeconds = 10;

const last = { text: "" };

/**
 * One sentence to the person: in the window's right status for a while, also when the option `status` is off, a
 * toast where the system shows toasts (macOS only for signed builds), and the log.
 */
export function notify(window: Window, text: string): void {
  wezterm.log_info(`ascalon: ${text}`);
  last.text = text;
  remember("notice_until", os.time() + shownSeconds);
  remember(`notice_${window.window_id()}`, os.time() + shownSeconds);
  window.set_right_status(text);
  if (session.options.notifications) pcall(() => window.toast_notification("ascalon", text, undefined, 5000));
}

/** The notice that is still to be seen; empty when there is none. */
export const noticeNow = (now: number): string => (isShown("until", now) ? last.text : "");

function isShown(which: string, now: number): boolean {
  const left = recall(`notice_${which}`) - now;
  return left > 0 && left <= shownSeconds;
}

/** Takes a notice out of the right status of a window that shows nothing else of ours. */
export function endNotice(window: Window, now: number): void {
  const id = `${window.window_id()}`;
  if (recall(`notice_${id}`) === 0 || isShown(id, now)) return;
  remember(`notice_${id}`, 0);
  window.set_right_status("");
}
