import type { CommandSpec, OptionSpec } from "../command.ts";
import { holdOption } from "./hold.ts";

/** Options of every command that may wait for a boot. */
export const waitOptions: readonly OptionSpec[] = [
  { flags: "--no-wait", summary: "return as soon as the VM's processes run" },
  { flags: "--wait", summary: "wait until it is ready: the default" },
  {
    flags: "--timeout <time>",
    summary: "how long to wait until it is ready, such as 90s or 10m (default: 10m)",
  },
  {
    flags: "--progress <kind>",
    summary: "how progress is shown on stderr",
    choices: ["auto", "plain", "json", "quiet"],
  },
];

export const upCommand: CommandSpec = {
  name: "up",
  summary: "Make the VM, start it, and wait until it is ready; do only what is missing",
  description:
    "Whatever state the VM is in, up brings it to ready: it makes the home disk and the VM, starts it, waits for a\n" +
    "boot that is under way, and repairs what a crash left. Interrupted anywhere, the next up carries on. It also installs\n" +
    "the background agent that keeps the links. With agent.enabled: false they last as long as --hold or --attach stays.",
  examples: [
    ["ascalon up", "converge; the second time there is nothing to do"],
    ["ascalon up --dry-run", "show the steps without taking them"],
    ["ascalon up --timeout 30m", "on a slow machine"],
  ],
  options: [
    { flags: "--dry-run", summary: "show what would be done" },
    { flags: "--attach", summary: "then show the VM's terminals in this WezTerm window" },
    holdOption,
    ...waitOptions,
    { flags: "--json", summary: "print the result as one JSON document" },
  ],
  palette: { brief: "Start the VM", icon: "md_play", runs: "tab" },
  load: async () => (await import("./up-run.ts")).runUp,
};
