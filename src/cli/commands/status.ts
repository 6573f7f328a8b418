import type { CommandSpec } from "../command.ts";

export const statusCommand: CommandSpec = {
  name: "status",
  summary: "Show what is true of the VM: process, ssh, readiness, disks, pending settings",
  description:
    "Answered from Lima's files and sockets; nothing is started and nothing is changed. It ends with 0 whenever it could\n" +
    "answer, whatever the answer is. Settings that cannot be used are a part of the answer (settings.problems), because\n" +
    "no fact of the VM needs them; whoever asks for them has ascalon plan and config get, which end with 5.",
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
