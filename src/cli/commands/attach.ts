import type { CommandSpec } from "../command.ts";
import { holdOption } from "./hold.ts";

export const attachCommand: CommandSpec = {
  name: "attach",
  summary: "Show the VM's terminals in WezTerm",
  description: `In a pane of WezTerm it asks the plugin to attach, as CMD+SHIFT+A does. Elsewhere it looks whether an attach can
succeed, starts the VM when it is stopped, and opens a WezTerm of its own. Where no window can open it falls back to
ascalon shell, and says so. With agent.enabled: false it makes the links itself, and keeps them until Ctrl-C.`,
  examples: [
    ["ascalon attach", "the VM's tabs, in this window when it is WezTerm's"],
    ["ascalon attach --json", "what an attach would find: the plugin asks this when status.json is stale"],
  ],
  options: [
    holdOption,
    { flags: "--json", summary: "attach nothing; print the facts that decide as one JSON document" },
  ],
  load: async () => (await import("./attach-run.ts")).runAttach,
};
