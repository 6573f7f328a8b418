import type { CommandSpec, OptionSpec } from "../command.ts";

const progressOption: OptionSpec = {
  flags: "--progress <kind>",
  summary: "how progress is shown on stderr",
  choices: ["auto", "plain", "json", "quiet"],
};
const bootOption: OptionSpec = {
  flags: "--boot",
  summary: "do not switch live: make it the system of the next start, and restart",
};
const resultOption: OptionSpec = { flags: "--json", summary: "print the result as one JSON document" };

export const rebuildCommand: CommandSpec = {
  name: "rebuild",
  summary: "Build the guest's system from your flake and switch to it; back by itself when it is not well",
  description:
    "Copies the folder that system.flake names (what git tracks, and new files it does not ignore), asks what would be\n" +
    "built, builds, and switches. Then the guest is looked at from outside: ssh, /home, the mux, the links, failed\n" +
    "units, rebuild.checks. Unless all is well within rebuild.confirm seconds the guest goes back, also without a network.\n" +
    "Panes survive: the mux server is not restarted.",
  examples: [
    ["ascalon rebuild", "bring a change of the flake into the running guest"],
    ["ascalon rebuild --dry-run", "show what differs and what would be built, and change nothing"],
    ["ascalon rebuild --update nixpkgs", "with a newer input; flake.lock comes back when all is well"],
    ["ascalon rebuild --boot", "restart into it: for a new kernel"],
  ],
  options: [
    bootOption,
    { flags: "--dry-run", summary: "show what differs and what would be built and fetched" },
    {
      flags: "--update [input]",
      summary: "update that input of the flake first; without a name all of them",
    },
    { flags: "--no-rollback", summary: "do not go back when the new system is not well" },
    progressOption,
    resultOption,
  ],
  palette: { brief: "Rebuild the guest", icon: "md_hammer_wrench", runs: "tab" },
  load: async () => (await import("./rebuild-run.ts")).runRebuild,
};

export const rollbackCommand: CommandSpec = {
  name: "rollback",
  summary: "Go back to an earlier system of the guest, with the same checks as rebuild",
  examples: [
    ["ascalon rollback", "to the newest that is older than the one that runs"],
    ["ascalon rollback 12", "to a certain one of `ascalon generations`"],
    ["ascalon rollback --boot", "by a restart, with its kernel: for what no live switch can change"],
  ],
  arguments: [{ name: "[generation]", summary: "its number" }],
  options: [bootOption, progressOption, resultOption],
  load: async () => (await import("./rollback-run.ts")).runRollback,
};

export const generationsCommand: CommandSpec = {
  name: "generations",
  summary: "List the systems that the guest can go back to",
  examples: [["ascalon generations", "newest first; which one runs, and which the next start brings"]],
  options: [{ flags: "--json", summary: "one JSON document" }],
  load: async () => (await import("./rollback-run.ts")).runGenerations,
};
