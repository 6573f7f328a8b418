import type { CommandSpec } from "../command.ts";

export const versionCommand: CommandSpec = {
  name: "version",
  summary: "Show ascalon's version, and with --all that of the programs it uses",
  examples: [
    ["ascalon version", "one line, the same as --version"],
    ["ascalon version --json", "with Node, limactl and platform, for bug reports"],
  ],
  options: [
    { flags: "--all", summary: "also Node, limactl and the platform" },
    { flags: "--json", summary: "everything as one JSON document" },
  ],
  load: async () => (await import("./version-run.ts")).runVersion,
};
