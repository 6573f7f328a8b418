import type { CommandSpec } from "../command.ts";

export const initCommand: CommandSpec = {
  name: "init",
  summary: "Write a starter flake for the guest's system beside your settings; never overwrites a file",
  description:
    "flake.nix names ascalon as an input: the repository this ascalon was cloned from, if that is known. The guest fetches\n" +
    "the input and has no keys, so use a public repository, or path:./ascalon with a copy inside the folder. guest.nix is\n" +
    "yours, for any NixOS option. ascalon.json, which the flake reads, is generated from your settings each time the flake\n" +
    "is copied into the guest. Afterwards set system.flake to the folder.",
  examples: [
    ["ascalon init", "in the folder of ascalon.yaml"],
    ["ascalon init ~/sysinit", "in another folder, created if it does not exist"],
  ],
  arguments: [{ name: "[folder]", summary: "where to write the flake" }],
  options: [{ flags: "--json", summary: "print what was written as one JSON document" }],
  load: async () => (await import("./init-run.ts")).runInit,
};

export const parityCommand: CommandSpec = {
  name: "parity",
  summary: "Compare the packages of this host's profile with those of the guest",
  description:
    "ascalon's Nix modules write the lists: on this host the home-manager or nix-darwin module, with\n" +
    "programs.ascalon.packages.enable; in the guest the NixOS module. For each package that has a main program, parity then\n" +
    "looks for it in this host's profile and in the guest's system. The exit code is 8 when something differs\n" +
    "unintentionally; a package that does not exist for one side's platform differs by design.",
  examples: [["ascalon parity", "what differs"]],
  options: [
    { flags: "--all", summary: "also show what is the same on both sides" },
    { flags: "--json", summary: "one JSON document with everything" },
  ],
  load: async () => (await import("./parity-run.ts")).runParity,
};
