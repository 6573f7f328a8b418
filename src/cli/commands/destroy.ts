import type { CommandSpec } from "../command.ts";

export const destroyCommand: CommandSpec = {
  name: "destroy",
  summary: "Delete the VM; its home disk stays unless --with-home",
  description:
    "Names what will be lost and wants the VM's name typed. `ascalon up` afterwards finds /home again when the guest had\n" +
    "it on the home disk: every system that was built from a flake has, the plain image of nixos-lima has not.",
  examples: [
    ["ascalon destroy", "the system is lost, the home disk is kept"],
    ["ascalon destroy --with-home", "everything is lost"],
    ["ascalon destroy --yes", "without a question, for scripts"],
  ],
  options: [
    { flags: "--with-home", summary: "delete the home disk too" },
    { flags: "--yes", summary: "do not ask" },
    { flags: "--json", summary: "print the result as one JSON document" },
  ],
  load: async () => (await import("./destroy-run.ts")).runDestroy,
};
