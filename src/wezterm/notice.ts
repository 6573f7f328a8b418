import type { Window } from "wezterm";
import * as wezterm from "wezterm";
import { remember } from "./memory.ts";
import { session } from "./session.ts";

/** Seconds that a notice stays in the status text. */
const shownSeconds = 10;

const last = { text: "" };

/**
 * One sentence to the person: a toast where the system shows toasts (macOS only for signed builds), the status
 * text for a while, and the log always.
 */
export function notify(window: Window, text: string): void {
  wezterm.log_info(`ascalon: ${text}`);
  last.text = text;
  remember("notice_until", os.time() + shownSeconds);
  if (session.options.notifications) pcall(() => window.toast_notification("ascalon", text, undefined, 5000));
}

export function lastNotice(): string {
  return last.text;
}
