import type { Async, PaletteCommand, Pane, Window } from "wezterm";
import * as wezterm from "wezterm";
import { type ActionName, actionNames, cliEvent, emitEvent, events } from "./actions.ts";
import { select } from "./explain.ts";
import { logProblem } from "./log.ts";
import { session } from "./session.ts";

type Handler = (this: void, window: Window, pane: Pane) => PaletteCommand[] | undefined;

const briefs: Readonly<Record<ActionName, readonly [string, string]>> = {
  attach: ["attach the VM", "md_lan_connect"],
  detach: ["detach the VM", "md_lan_disconnect"],
  new_tab: ["new tab in the VM, same folder", "md_tab_plus"],
  new_local_tab: ["new local tab, same folder", "md_tab"],
  menu: ["menu", "md_menu"],
  docs: ["open the documents", "md_book_open_variant"],
};

/** The entries, for a handler of the user's own. Calls nothing that yields. */
export function paletteEntries(): PaletteCommand[] {
  const entries: PaletteCommand[] = [];
  for (const name of actionNames) {
    const native = briefs[name];
    if (isListed(name)) {
      entries.push({ brief: `ascalon: ${native[0]}`, icon: native[1], action: emitEvent(events[name]) });
    }
  }
  for (const entry of session.pluginContract.palette) {
    const brief = `ascalon: ${entry.brief}`;
    entries.push({ brief, doc: entry.doc, icon: entry.icon, action: emitEvent(cliEvent(entry.id)) });
  }
  return entries;
}

function isListed(name: ActionName): boolean {
  return name !== "menu" && (name !== "docs" || session.pluginContract.docsUrl !== "");
}

/** Shows the same entries as a selector. */
export function showMenu(_host: unknown, window: Async<Window>): void {
  const choices: { label: string; id: string }[] = [];
  for (const name of actionNames) {
    if (isListed(name)) choices.push({ label: briefs[name][0], id: events[name] });
  }
  for (const entry of session.pluginContract.palette) {
    choices.push({ label: entry.brief, id: cliEvent(entry.id) });
  }
  select(window, "ascalon", choices);
}

const augment = "augment-command-palette";
const chain: { installed: boolean; handlers: Handler[] } = { installed: false, handlers: [] };

/**
 * WezTerm runs only the first handler of this event (wezterm#6211). Ours is registered now, `wezterm.on` is
 * replaced for this one event, and handlers registered later run from ours; one that was there before wins.
 */
export function chainPalette(): void {
  if (chain.installed) return;
  chain.installed = true;
  const register = wezterm.on;
  register(augment, augmented);
  (wezterm as { on: typeof register }).on = (event, handler) => {
    if (event === augment) chain.handlers.push(handler as Handler);
    else register(event, handler);
  };
}

function augmented(this: void, window: Window, pane: Pane): PaletteCommand[] {
  const entries = paletteEntries();
  for (const handler of chain.handlers) {
    const [ok, theirs] = pcall(handler, window, pane);
    if (!ok) logProblem(`another ${augment} handler`, theirs);
    else if (typeof theirs === "object") {
      for (const entry of theirs as PaletteCommand[]) entries.push(entry);
    }
  }
  return entries;
}
