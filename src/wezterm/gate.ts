import type { Async, AsyncHost, Domain } from "wezterm";
import { decideAttach, type GateDecision } from "../shared/attach-gate.ts";
import { positionOf } from "../shared/pieces.ts";
import type { StatusFile } from "../shared/status.ts";
import { isBusy } from "./phase.ts";
import { session } from "./session.ts";

/** What a press is to do by the facts of now; `asked`: the status is the CLI's answer to this press. */
export function decide(host: AsyncHost, status: StatusFile | undefined, asked?: boolean): GateDecision {
  const domain = vmDomain(host);
  return decideAttach({
    now: os.time(),
    status,
    domain: domain === undefined ? "unregistered" : isAttached(domain) ? "attached" : "detached",
    hasPanes: domain?.has_any_panes(),
    busy: isBusy(os.time()),
    asked,
    cliKnown: session.commandPrefix.length > 0,
    guiPid: guiPid(),
  });
}

/** The VM's domain: the one that is attached, else the first. */
export function vmDomain(host: AsyncHost): Async<Domain> | undefined {
  const proxy = host.mux.get_domain(session.pluginContract.proxyDomain);
  return isAttached(proxy) ? proxy : host.mux.get_domain(session.pluginContract.domain);
}

export const isAttached = <T extends Domain>(domain: T | undefined): domain is T =>
  domain?.state() === "Attached";

/** Process id of this GUI: WezTerm puts the path of its own socket, `…/gui-sock-PID`, into its environment. */
function guiPid(): number | undefined {
  const socket = os.getenv("WEZTERM_UNIX_SOCKET") ?? "";
  const at = positionOf(socket, "gui-sock-");
  if (at < 0) return undefined;
  return tonumber(socket.slice(at + 9));
}
