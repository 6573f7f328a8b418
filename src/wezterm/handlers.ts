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
import { perform } from "./show.ts";
import { registerTick } from "./tick.ts";

/** Registers every handler; a second call, also from another copy of the plugin, does nothing. */
export function registerHandlers(): void {
  if (session.options.palette && isFirst("ascalon.palette")) chainPalette();
  if (!isFirst("ascalon.handlers")) return;
  onAsync(events.attach, (host, window, pane) => press(host, window, pane, "show"));
  onAsync(events.new_tab, (host, window, pane) => press(host, window, pane, "tab"));
  onAsync(events.detach, detach);
  onAsync(events.new_local_tab, newLocalTab);
  onAsync(events.menu, showMenu);
  onAsync(events.docs, openDocs);
  registerEntries();
  session.onLateContract = registerEntries;
  registerSelector((host, window, pane, id) => {
    if (id.startsWith("ascalon.")) perform(window, emitEvent(id));
    else runOffer(host, window, pane, id as "doctor");
  });
  registerMessages();
  registerTick();
}

/** Leaves a mark in the Lua state, which two copies of the plugin share; whether it was not there. */
function isFirst(mark: string): boolean {
  const loaded = (_G as unknown as { package: { loaded: Record<string, unknown> } }).package.loaded;
  const first = loaded[mark] === undefined;
  loaded[mark] = true;
  return first;
}

function registerEntries(): void {
  for (const entry of session.pluginContract.palette) {
    const event = cliEvent(entry.id);
    if (isFirst(event)) onAsync(event, (_host, window) => runEntry(window, entry));
  }
}
