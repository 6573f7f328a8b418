import type { Async, AsyncHost, Window } from "wezterm";
import { explain } from "../shared/attach-gate.ts";
import { answer } from "./explain.ts";
import { isAttached, vmDomain } from "./gate.ts";
import { problemText } from "./log.ts";
import { notify } from "./notice.ts";
import { forget } from "./reattach-memory.ts";
import { keepLocalTab } from "./tabs.ts";

/** Detaches the VM and means it: no re-attach follows. The sessions in the VM go on. */
export function detach(host: AsyncHost, window: Async<Window>): void {
  const domain = vmDomain(host);
  if (isAttached(domain)) {
    keepLocalTab(host, window.mux_window());
    const [ok, problem] = pcall(() => domain.detach());
    if (!ok) notify(window, `WezTerm could not detach the VM: ${problemText(problem)}`);
  } else answer(window, explain("The VM is not attached.", [], []));
  // Last: a tick while the local tab opened saw the VM attached, and took that for wanted.
  forget();
}
