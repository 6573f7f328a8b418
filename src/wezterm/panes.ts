import type { MuxWindow, Pane } from "wezterm";

/** The pane's domain; undefined for a pane that is gone, where WezTerm raises (seen just after a detach). */
export function domainOf(pane: Pane): string | undefined {
  const [ok, name] = pcall(() => pane.get_domain_name());
  return ok ? name : undefined;
}

export function isIn(pane: Pane | undefined, isWanted: (domain: string) => boolean): pane is Pane {
  const domain = pane && domainOf(pane);
  return domain !== undefined && isWanted(domain);
}

/** A pane in a domain that is wanted: one that a window shows, else the first; windows in the order given. */
export function findPane(
  windows: readonly MuxWindow[],
  isWanted: (domain: string) => boolean,
): Pane | undefined {
  for (const window of windows) {
    const shown = window.active_pane();
    if (isIn(shown, isWanted)) return shown;
  }
  for (const window of windows) {
    for (const tab of window.tabs()) {
      for (const pane of tab.panes()) {
        if (isIn(pane, isWanted)) return pane;
      }
    }
  }
  return undefined;
}
