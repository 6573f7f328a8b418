import type { Async, Pane, Window } from "wezterm";
import * as wezterm from "wezterm";
import { toGuestPath, toHostPath } from "../shared/path-mapping.ts";
import { domainOf } from "./panes.ts";
import { isVmDomain, session } from "./session.ts";

/**
 * A new tab of a domain, in that side's name of the folder that the current pane is in when a mount shows it there.
 * Without args: with them WezTerm sends the whole environment of the host along (wezterm#7052).
 */
export function newTab(window: Async<Window>, pane: Pane, domain: string): void {
  window.mux_window().spawn_tab({ domain: { DomainName: domain }, cwd: placeFor(pane, isVmDomain(domain)) });
}

/** A new local tab, in the host's name of the folder that the current pane is in. */
export const newLocalTab = (_host: unknown, window: Async<Window>, pane: Pane): void =>
  newTab(window, pane, "local");

/** The current folder as the side knows it; undefined: the side's own default. */
function placeFor(pane: Pane, toVm: boolean): string | undefined {
  const domain = domainOf(pane);
  if (!session.options.same_place || domain === undefined) return undefined;
  const fromVm = isVmDomain(domain);
  if (!fromVm && domain !== "local") return undefined;
  const folder = folderOf(pane, fromVm);
  if (folder === undefined || fromVm === toVm) return folder;
  const mapped = fromVm ? toHostPath : toGuestPath;
  return mapped(folder, session.pluginContract.mounts);
}

/** The pane's folder as OSC 7 or the system tells it. A local pane that reports another host (ssh) has none. */
function folderOf(pane: Pane, fromVm: boolean): string | undefined {
  const [ok, url] = pcall(() => pane.get_current_working_dir());
  if (!ok || url === undefined) return undefined;
  return fromVm || isThisHost(url.host ?? "") ? url.file_path : undefined;
}

function isThisHost(host: string): boolean {
  // In a URL a host's name is in small letters; a Mac's own has great ones.
  return host === "" || host === "localhost" || host === wezterm.hostname().toLowerCase();
}
