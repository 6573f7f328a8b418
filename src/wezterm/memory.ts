import * as wezterm from "wezterm";

/**
 * Numbers that outlive a reload, in wezterm.GLOBAL; 0 when never set. Numbers only: a table there is copied in
 * and out, and a function is refused.
 */
export function recall(name: string): number {
  return (wezterm.GLOBAL[`ascalon_${name}`] as number | undefined) ?? 0;
}

export function remember(name: string, value: number): void {
  wezterm.GLOBAL[`ascalon_${name}`] = value;
}
