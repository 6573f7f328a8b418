import type { Async, AsyncHost, Pane, Window } from "wezterm";
import { cliUnknown, explain, type Offer } from "../shared/attach-gate.ts";
import type { PaletteEntry } from "../shared/palette.ts";
import { piecesOf } from "../shared/pieces.ts";
import { attach } from "./attach.ts";
import { loadMissing } from "./contract-file.ts";
import { showExplanation } from "./explain.ts";
import { later } from "./guard.ts";
import { notify } from "./notice.ts";
import { session } from "./session.ts";
import { runChild, runInTab, runUp } from "./tabs.ts";

/** Runs a palette entry the way it asks for. */
export function runEntry(window: Async<Window>, entry: PaletteEntry): void {
  loadMissing();
  if (session.commandPrefix.length === 0) notify(window, cliUnknown);
  else if (entry.runs === "tab") runInTab(window, entry.argv);
  else {
    // Not in the entry's own event: one that never ends would take the entry along in this window.
    later("run", (own) => runSilently(own, window, entry.argv));
  }
}

/** In the background, with one sentence at the end. */
function runSilently(host: AsyncHost, window: Async<Window>, argv: readonly string[]): void {
  const name = `ascalon ${argv.join(" ")}`;
  notify(window, `${name} …`);
  const result = runChild(host, argv);
  if (result.success) {
    notify(window, `${name}: ${lastLines(result.stdout, 1)[0] ?? "done"}`);
    return;
  }
  const lines = lastLines(result.stderr, 5);
  showExplanation(window, explain(`${name} failed.`, lines, ["doctor"]));
}

/** A row of an explanation that was chosen. */
export function runOffer(host: AsyncHost, window: Async<Window>, pane: Async<Pane>, offer: Offer): void {
  if (offer === "up") runUp(host, window);
  else if (offer === "proxy") attach(host, window, pane, session.pluginContract.proxyDomain, "show");
  else runInTab(window, [offer]);
}

/** The last lines that are not empty. Whole: WezTerm raises for a text that is cut within a character. */
function lastLines(text: string, count: number): string[] {
  const last: string[] = [];
  for (const line of piecesOf(text, "\n")) {
    if (line !== "") last.push(line);
    if (last.length > count) last.shift();
  }
  return last;
}
