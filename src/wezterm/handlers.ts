import { cliEvent, emitEvent, events } from "./actions.ts";
import { press } from "./attach.ts";
import { runEntry, runOffer } from "./cli.ts";
import { detach } from "./detach.ts";
import { openDocs, registerSelector } from "./explain.ts";
import { onAsync } from "./guard.ts";
import { registerMessages } from "./messages.ts";
import { chainPalette, showMenu } from "./palette.ts";
import { newLocalTab } from "./same-place.ts";
import { session } from "./session.ts";
import { registerTick } from "./tick.ts";

/** A mark in the Lua state, which two copies of the plugin share: handlers are registered once per evaluation. */
const mark = "ascalon.handlers";

/** Registers every handler; a second call, also from another copy of the plugin, does nothing. */
export function registerHandlers(): void {
  const { loaded } = (_G as unknown as { package: { loaded: Record<string, unknown> } }).package;
  if (loaded[mark] === true) return;
  loaded[mark] = true;
  onAsync(events.attach, (host, window, pane) => press(host, window, pane, "show"));
  onAsync(events.new_tab, (host, window, pane) => press(host, window, pane, "tab"));
  onAsync(events.detach, (host, window) => detach(host, window));
  onAsync(events.new_local_tab, (_host, window, pane) => newLocalTab(window, pane));
  onAsync(events.menu, (_host, window, pane) => showMenu(window, pane));
  onAsync(events.docs, () => openDocs());
  registerEntries();
  registerSelector((host, window, pane, id) => {
    if (id.startsWith("ascalon.")) window.perform_action(emitEvent(id), pane);
    else runOffer(host, window, pane, id as "doctor");
  });
  registerMessages();
  registerTick();
  if (session.options.palette) chainPalette();
}

function registerEntries(): void {
  for (const entry of session.pluginContract.palette) {
    onAsync(cliEvent(entry.id), (host, window, pane) => runEntry(host, window, pane, entry));
  }
}
