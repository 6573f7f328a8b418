import type { CommandSpec } from "../command.ts";

export const destroyCommand: CommandSpec = {
  name: "destroy",
  summary: "Delete the VM; keep its home disk unless --with-home is given",
  description:
    "Says what will be lost and asks you to type the VM's name. /home has a disk of its own, which the next `ascalon up`\n" +
    "uses again; a running guest is asked whether its /home really is there. Symlinks in /home that point into the old\n" +
    "/nix/store (nix profile, home-manager, direnv) are broken afterwards: install those packages again.",
  examples: [
    ["ascalon destroy", "the system is lost, the home disk is kept"],
    ["ascalon destroy --with-home", "everything is lost"],
    ["ascalon destroy --yes", "without confirmation, for scripts"],
  ],
  options: [
    { flags: "--with-home", summary: "delete the home disk too" },
    { flags: "--yes", summary: "do not ask" },
    { flags: "--json", summary: "print the result as one JSON document" },
  ],
  load: async () => (await import("./destroy-run.ts")).runDestroy,
};
