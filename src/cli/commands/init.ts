import type { CommandSpec } from "../command.ts";

export const initCommand: CommandSpec = {
  name: "init",
  summary: "Write a first flake for the guest's system beside your settings; never over a file",
  description:
    "flake.nix names ascalon as an input, from where this one was cloned when that can be told. The guest fetches it, and\n" +
    "has no key: a public repository, or path:./ascalon with a copy inside the folder. guest.nix is yours: any option of\n" +
    "NixOS. ascalon.json, which the flake reads, is made from your settings each time the flake is copied into the guest.\n" +
    "Afterwards set system.flake to the folder.",
  examples: [
    ["ascalon init", "into the folder of ascalon.yaml"],
    ["ascalon init ~/sysinit", "into another folder, made if need be"],
  ],
  arguments: [{ name: "[folder]", summary: "where the flake is written" }],
  options: [{ flags: "--json", summary: "what was written as one JSON document" }],
  load: async () => (await import("./init-run.ts")).runInit,
};

export const parityCommand: CommandSpec = {
  name: "parity",
  summary: "Compare the packages of this host's profile with those of the guest",
  description:
    "The lists are made by ascalon's Nix modules: here by home-manager's or nix-darwin's, with\n" +
    "programs.ascalon.packages.enable, in the guest by NixOS's. Each package that has a main program is then looked for, in\n" +
    "this host's profile and in the guest's system. Exit code 8 when something differs that is not meant to: what does\n" +
    "not exist for one side's platform is meant to.",
  examples: [["ascalon parity", "what differs"]],
  options: [
    { flags: "--all", summary: "also what is the same on both sides" },
    { flags: "--json", summary: "one JSON document, with everything" },
  ],
  load: async () => (await import("./parity-run.ts")).runParity,
};
