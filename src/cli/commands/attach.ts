import type { CommandSpec } from "../command.ts";
import { holdOption } from "./hold.ts";

export const attachCommand: CommandSpec = {
  name: "attach",
  summary: "Show the VM's terminals in WezTerm",
  description: `In a WezTerm pane it asks the plugin to attach, as CMD+SHIFT+A does. Elsewhere it checks whether an attach can
succeed, starts the VM if it is stopped, and opens a new WezTerm window. Where no window can open, it falls back to
ascalon shell and says so. With agent.enabled: false it makes the links itself and keeps them up until Ctrl-C.`,
  examples: [
    ["ascalon attach", "show the VM's tabs, in this window if it is WezTerm's"],
    ["ascalon attach --json", "what an attach would find; the plugin asks this when status.json is stale"],
  ],
  options: [
    holdOption,
    { flags: "--json", summary: "do not attach; print the facts that decide as one JSON document" },
  ],
  load: async () => (await import("./attach-run.ts")).runAttach,
};
