import type { Async, AsyncHost, Window } from "wezterm";
import { vmDomain } from "./attach.ts";
import { remember } from "./memory.ts";
import { notify } from "./notice.ts";
import { keepLocalTab } from "./tabs.ts";

/** Detaches the VM and means it: no re-attach follows. The sessions in the VM go on. */
export function detach(host: AsyncHost, window: Async<Window>): void {
  remember("wanted", 0);
  remember("wish_until", 0);
  const domain = vmDomain(host);
  if (domain === undefined || domain.state() !== "Attached") {
    notify(window, "The VM is not attached.");
    return;
  }
  keepLocalTab(host, window.mux_window());
  const [ok, problem] = pcall(() => domain.detach());
  if (!ok) notify(window, `WezTerm could not detach the VM: ${tostring(problem)}`);
}
