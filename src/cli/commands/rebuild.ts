import type { CommandSpec, OptionSpec } from "../command.ts";

const progressOption: OptionSpec = {
  flags: "--progress <kind>",
  summary: "how to show progress on stderr",
  choices: ["auto", "plain", "json", "quiet"],
};
const bootOption: OptionSpec = {
  flags: "--boot",
  summary: "instead of switching live, make it the system for the next start, and restart",
};
const resultOption: OptionSpec = { flags: "--json", summary: "print the result as one JSON document" };

export const rebuildCommand: CommandSpec = {
  name: "rebuild",
  summary: "Build the guest's system from your flake and switch to it; go back by itself if it is unhealthy",
  description:
    "Copies the folder that system.flake names (files that git tracks, and new ones it does not ignore), asks Nix what\n" +
    "would be built, builds, and switches. It then checks the guest from outside: ssh, /home, the mux, the links, failed\n" +
    "units, rebuild.checks. Unless all checks pass within rebuild.confirm seconds, the guest goes back to the previous\n" +
    "system, even without a network. Panes survive: the mux server is not restarted.",
  examples: [
    ["ascalon rebuild", "apply a change of the flake to the running guest"],
    ["ascalon rebuild --dry-run", "show what differs and what would be built, and change nothing"],
    [
      "ascalon rebuild --update nixpkgs",
      "with a newer input; the new flake.lock is copied back if all checks pass",
    ],
    ["ascalon rebuild --boot", "restart into the new system, for example for a new kernel"],
  ],
  options: [
    bootOption,
    { flags: "--dry-run", summary: "show what differs and what would be built and downloaded" },
    {
      flags: "--update [input]",
      summary: "first update that input of the flake; without a name, all of them",
    },
    { flags: "--no-rollback", summary: "do not go back if the new system is unhealthy" },
    progressOption,
    resultOption,
  ],
  palette: { brief: "Rebuild the guest", icon: "md_hammer_wrench", runs: "tab" },
  load: async () => (await import("./rebuild-run.ts")).runRebuild,
};

export const rollbackCommand: CommandSpec = {
  name: "rollback",
  summary: "Return the guest to an earlier system, with the same checks as rebuild",
  examples: [
    ["ascalon rollback", "to the newest generation before the running one"],
    ["ascalon rollback 12", "to that generation; `ascalon generations` lists them"],
    ["ascalon rollback --boot", "restart into it, with its kernel: for what a live switch cannot change"],
  ],
  arguments: [{ name: "[generation]", summary: "its number" }],
  options: [bootOption, progressOption, resultOption],
  load: async () => (await import("./rollback-run.ts")).runRollback,
};

export const generationsCommand: CommandSpec = {
  name: "generations",
  summary: "List the systems the guest can go back to",
  examples: [
    ["ascalon generations", "newest first, with the running one and the one for the next start marked"],
  ],
  options: [{ flags: "--json", summary: "one JSON document" }],
  load: async () => (await import("./rollback-run.ts")).runGenerations,
};
