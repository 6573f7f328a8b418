import type { KeyAction } from "wezterm";
import * as wezterm from "wezterm";

/** The plugin's own events. Bound as events, because the palette shows a bound event by its name. */
export const events = {
  attach: "ascalon.attach",
  detach: "ascalon.detach",
  new_tab: "ascalon.new-tab",
  new_local_tab: "ascalon.new-local-tab",
  menu: "ascalon.menu",
  docs: "ascalon.docs",
} as const;

export type ActionName = keyof typeof events;

/** In the order of the palette. */
export const actionNames: readonly ActionName[] = [
  "attach",
  "detach",
  "new_tab",
  "new_local_tab",
  "menu",
  "docs",
];

export const cliEvent = (id: string): string => `ascalon.cli.${id}`;

export const emitEvent = (event: string): KeyAction => wezterm.action.EmitEvent(event);
