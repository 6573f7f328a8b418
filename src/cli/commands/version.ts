import type { CommandSpec } from "../command.ts";

export const versionCommand: CommandSpec = {
  name: "version",
  summary: "Show ascalon's version, and with --all the versions of the programs it uses",
  examples: [
    ["ascalon version", "one line, as with --version"],
    ["ascalon version --json", "with Node, limactl and platform, for bug reports"],
  ],
  options: [
    { flags: "--all", summary: "also show Node, limactl and the platform" },
    { flags: "--json", summary: "everything as one JSON document" },
  ],
  load: async () => (await import("./version-run.ts")).runVersion,
};
