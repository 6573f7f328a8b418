import type { MuxWindow, Pane } from "wezterm";

/** The pane's domain; undefined for a pane that is gone, where WezTerm raises (seen just after a detach). */
export function domainOf(pane: Pane): string | undefined {
  const [ok, name] = pcall(() => pane.get_domain_name());
  return ok ? name : undefined;
}

/** The first pane in a domain that is wanted, windows in the order given. */
export function findPane(
  windows: readonly MuxWindow[],
  isWanted: (domain: string) => boolean,
): Pane | undefined {
  for (const window of windows) {
    for (const tab of window.tabs()) {
      for (const pane of tab.panes()) {
        const domain = domainOf(pane);
        if (domain !== undefined && isWanted(domain)) return pane;
      }
    }
  }
  return undefined;
}
