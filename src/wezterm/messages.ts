import type { Async, AsyncHost, Pane, Window } from "wezterm";
import * as wezterm from "wezterm";
import { judgeMessage, type MessageOrigin, takeTurn } from "../shared/guest-message.ts";
import { proceed } from "./attach.ts";
import { onAsync } from "./guard.ts";
import { warn } from "./log.ts";
import { recall, remember } from "./memory.ts";
import { notify } from "./notice.ts";
import { domainOf } from "./panes.ts";
import { isVmDomain, session } from "./session.ts";

/** At most so many messages of a kind in so many seconds: a loop in a pane must not open a hundred tabs, or fill the log. */
const limit = 5;
const windowSeconds = 10;

export function registerMessages(): void {
  onAsync("user-var-changed", receive);
}

function receive(
  host: AsyncHost,
  window: Async<Window>,
  pane: Async<Pane>,
  name: string,
  value: string,
): void {
  const verdict = judgeMessage(name, value, originOf(pane), session.options.messages);
  if (verdict.act === "ignore") return;
  if (verdict.act === "refuse") {
    if (hasTurn(verdict.act)) warn(`${name} refused: ${verdict.reason}`);
    return;
  }
  if (!hasTurn(verdict.act)) return;
  if (verdict.act === "open") wezterm.open_with(verdict.value);
  else if (verdict.act === "notify") notify(window, `VM: ${verdict.value}`);
  else proceed(host, window, pane, "show");
}

function originOf(pane: Pane): MessageOrigin {
  const domain = domainOf(pane);
  if (domain === "local") return "local";
  return domain !== undefined && isVmDomain(domain) ? "vm" : "other";
}

function hasTurn(kind: string): boolean {
  const memory = { windowStart: recall(`${kind}_window`), count: recall(`${kind}_count`) };
  const turn = takeTurn(memory, os.time(), limit, windowSeconds);
  remember(`${kind}_window`, turn.memory.windowStart);
  remember(`${kind}_count`, turn.memory.count);
  return turn.passes;
}
