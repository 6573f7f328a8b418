import type { CommandSpec } from "../command.ts";

export const destroyCommand: CommandSpec = {
  name: "destroy",
  summary: "Delete the VM; its home disk stays unless --with-home",
  description:
    "Names what will be lost and wants the VM's name typed. /home has a disk of its own, which `ascalon up` afterwards\n" +
    "finds again; a guest that runs is asked whether it has its /home there. Links in it that point into the old\n" +
    "/nix/store (nix profile, home-manager, direnv) lead nowhere then: install those packages again.",
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
