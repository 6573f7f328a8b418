import type { CommandSpec } from "../command.ts";

export const statusCommand: CommandSpec = {
  name: "status",
  summary: "Show what is true of the VM: process, ssh, readiness, disks, pending settings",
  description: "Answered from Lima's files and sockets; nothing is started and nothing is changed.",
  examples: [
    ["ascalon status", "for people"],
    ["ascalon status --json", 'one document, "schema": 1'],
    ["ascalon status --watch", "again each time something changes"],
  ],
  options: [
    { flags: "--json", summary: "one JSON document; with --watch one a line" },
    { flags: "--watch", summary: "stay and show each change" },
  ],
  palette: { brief: "Show the VM's status", icon: "md_information", runs: "tab" },
  load: async () => (await import("./status-run.ts")).runStatus,
};
