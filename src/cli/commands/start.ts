import type { CommandSpec } from "../command.ts";
import { waitOptions } from "./up.ts";

export const startCommand: CommandSpec = {
  name: "start",
  summary: "Start an existing VM and wait until it is ready",
  examples: [
    ["ascalon start", "start and wait"],
    ["ascalon start --no-wait", "return while it boots"],
  ],
  options: [...waitOptions, { flags: "--json", summary: "print the result as one JSON document" }],
  load: async () => (await import("./lifecycle-runs.ts")).runStart,
};

export const stopCommand: CommandSpec = {
  name: "stop",
  summary: "Shut the VM down",
  examples: [
    ["ascalon stop", "shut the guest down cleanly"],
    ["ascalon stop --force", "kill the VM's processes, like pulling the plug"],
  ],
  options: [
    { flags: "--force", summary: "do not wait for the guest to shut down" },
    {
      flags: "--progress <kind>",
      summary: "how to show progress on stderr",
      choices: ["auto", "plain", "json", "quiet"],
    },
    { flags: "--json", summary: "print the result as one JSON document" },
  ],
  palette: { brief: "Stop the VM", icon: "md_stop", runs: "silent" },
  load: async () => (await import("./lifecycle-runs.ts")).runStop,
};

export const restartCommand: CommandSpec = {
  name: "restart",
  summary: "Shut the VM down, apply changed settings, and start it again",
  examples: [["ascalon restart", "apply what `ascalon plan` marks with restart"]],
  options: [
    { flags: "--force", summary: "do not wait for the guest to shut down" },
    ...waitOptions,
    { flags: "--json", summary: "print the result as one JSON document" },
  ],
  palette: { brief: "Restart the VM", icon: "md_restart", runs: "tab" },
  load: async () => (await import("./lifecycle-runs.ts")).runRestart,
};
