import type { CommandSpec } from "../command.ts";
import { waitOptions } from "./up.ts";

export const startCommand: CommandSpec = {
  name: "start",
  summary: "Start a VM that exists, and wait until it is ready",
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
    ["ascalon stop", "the guest shuts down in order"],
    ["ascalon stop --force", "end its processes at once, like pulling the plug"],
  ],
  options: [
    { flags: "--force", summary: "do not wait for the guest" },
    {
      flags: "--progress <kind>",
      summary: "how progress is shown on stderr",
      choices: ["auto", "plain", "json", "quiet"],
    },
    { flags: "--json", summary: "print the result as one JSON document" },
  ],
  palette: { brief: "Stop the VM", icon: "md_stop", runs: "silent" },
  load: async () => (await import("./lifecycle-runs.ts")).runStop,
};

export const restartCommand: CommandSpec = {
  name: "restart",
  summary: "Shut the VM down, apply changed settings, start it again",
  examples: [["ascalon restart", "what `ascalon plan` marks with restart takes effect"]],
  options: [
    { flags: "--force", summary: "do not wait for the guest to shut down" },
    ...waitOptions,
    { flags: "--json", summary: "print the result as one JSON document" },
  ],
  palette: { brief: "Restart the VM", icon: "md_restart", runs: "tab" },
  load: async () => (await import("./lifecycle-runs.ts")).runRestart,
};
