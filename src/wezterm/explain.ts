import type { Async, AsyncHost, Pane, Window } from "wezterm";
import * as wezterm from "wezterm";
import type { Explanation, Offer } from "../shared/attach-gate.ts";
import { piecesOf } from "../shared/pieces.ts";
import { callback } from "./guard.ts";
import { notify } from "./notice.ts";
import { session } from "./session.ts";
import { perform } from "./show.ts";

interface Choice {
  readonly label: string;
  readonly id: string;
}

/** What a selector shows of a row and of the headline in a window of 80 columns; it cuts off the rest. */
const rowWidth = 74;

/**
 * Shows why nothing was attached, over the window and without touching a pane: a selector whose first rows close it
 * and offer what helps and whose others are the sentences. Escape closes it too.
 */
export function showExplanation(window: Async<Window>, explanation: Explanation): void {
  notify(window, explanation.headline);
  // First, where Enter is: it may be meant for what was there before.
  const choices: Choice[] = [{ label: "Close", id: "" }];
  for (const offer of explanation.offers) {
    if (isPossible(offer))
      choices.push({
        label: offer === "proxy" ? "Attach over ssh instead" : `Run ascalon ${offer}`,
        id: offer,
      });
  }
  const tell = (line: string): void => {
    for (const part of wrapped(line)) choices.push({ label: part, id: "" });
  };
  if (explanation.headline.length > rowWidth) tell(explanation.headline);
  for (const line of explanation.lines) tell(line);
  select(window, explanation.headline, choices);
}

/**
 * The answer to a press, of which the tab bar may have no place to show a notice: then over the window. For nothing but
 * a press: a selector takes the keyboard.
 */
export function answer(window: Async<Window>, explanation: Explanation): void {
  const config = session.config;
  const isBarHidden =
    config.enable_tab_bar === false ||
    (config.hide_tab_bar_if_only_one_tab && window.mux_window().tabs().length === 1);
  if (isBarHidden) showExplanation(window, explanation);
  else notify(window, explanation.headline);
}

export function select(window: Async<Window>, headline: string, choices: readonly Choice[]): void {
  const action = session.choose;
  if (action === undefined) return;
  perform(window, wezterm.action.InputSelector({ title: "ascalon", description: headline, choices, action }));
}

function isPossible(offer: Offer): boolean {
  // Of a plugin.json that came after WezTerm's start, WezTerm does not know the domain.
  if (offer === "proxy") return wezterm.mux.get_domain(session.pluginContract.proxyDomain) !== undefined;
  return session.commandPrefix.length > 0;
}

export type Chosen = (host: AsyncHost, window: Async<Window>, pane: Async<Pane>, id: string) => void;

/** Registers the one action behind every selector; `chosen` gets the row's id, never an empty one. */
export function registerSelector(chosen: Chosen): void {
  session.choose = callback("ascalon.chosen", (host, window, pane, id) => {
    if (id !== undefined && id !== "") chosen(host, window, pane, id);
  });
}

/** Opens ascalon's documents in the browser. */
export function openDocs(): void {
  if (session.pluginContract.docsUrl !== "") wezterm.open_with(session.pluginContract.docsUrl);
}

/** Lines of at most `rowWidth` bytes, cut at spaces. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of piecesOf(text, " ")) {
    if (line !== "" && line.length + 1 + word.length > rowWidth) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  if (line !== "") lines.push(line);
  return lines;
}
