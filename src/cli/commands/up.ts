import type { CommandSpec, OptionSpec } from "../command.ts";
import { holdOption } from "./hold.ts";

/** Options of every command that may wait for a boot. */
export const waitOptions: readonly OptionSpec[] = [
  { flags: "--no-wait", summary: "return as soon as the VM's processes run" },
  { flags: "--wait", summary: "wait until it is ready (the default)" },
  {
    flags: "--timeout <time>",
    summary: "how long to wait for it to become ready, such as 90s or 10m (default: 10m)",
  },
  {
    flags: "--progress <kind>",
    summary: "how to show progress on stderr",
    choices: ["auto", "plain", "json", "quiet"],
  },
];

export const upCommand: CommandSpec = {
  name: "up",
  summary: "Create the VM, start it, and wait until it is ready; do only what is missing",
  description:
    "Whatever state the VM is in, up brings it to ready: it creates the home disk and the VM, starts the VM, waits for a\n" +
    "boot in progress, and cleans up after a crash. If it is interrupted, the next up carries on. It also installs the\n" +
    "background agent that keeps the links up. With agent.enabled: false they last as long as up --hold or --attach runs.",
  examples: [
    ["ascalon up", "bring the VM to ready; run again, there is nothing to do"],
    ["ascalon up --dry-run", "show the steps without taking them"],
    ["ascalon up --timeout 30m", "wait longer, on a slow machine"],
  ],
  options: [
    { flags: "--dry-run", summary: "show what would be done" },
    { flags: "--attach", summary: "when it is ready, show the VM's terminals in this WezTerm window" },
    holdOption,
    ...waitOptions,
    { flags: "--json", summary: "print the result as one JSON document" },
  ],
  palette: { brief: "Start the VM", icon: "md_play", runs: "tab" },
  load: async () => (await import("./up-run.ts")).runUp,
};
