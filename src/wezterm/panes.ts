import type { MuxWindow, Pane } from "wezterm";

/** The pane's domain; undefined for a pane that is gone, where WezTerm raises (seen just after a detach). */
export function domainOf(pane: Pane): string | undefined {
  const [ok, name] = pcall(() => pane.get_domain_name());
  return ok ? name : undefined;
}

/** A pane in a domain that is wanted: one that a window shows, else the first; windows in the order given. */
export function findPane(
  windows: readonly MuxWindow[],
  isWanted: (domain: string) => boolean,
): Pane | undefined {
  const isIt = (pane: Pane | undefined): pane is Pane => {
    const domain = pane && domainOf(pane);
    return domain !== undefined && isWanted(domain);
  };
  for (const window of windows) {
    const shown = window.active_pane();
    if (isIt(shown)) return shown;
  }
  for (const window of windows) {
    for (const tab of window.tabs()) {
      for (const pane of tab.panes()) {
        if (isIt(pane)) return pane;
      }
    }
  }
  return undefined;
}
