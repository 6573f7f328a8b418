import type { CommandSpec } from "../command.ts";

export const statusCommand: CommandSpec = {
  name: "status",
  summary: "Show the state of the VM: process, ssh, readiness, disks, links, pending settings",
  description:
    "It reads Lima's files and sockets, and neither starts nor changes anything. The exit code is 0 whenever it could\n" +
    "answer, whatever the answer is. Invalid settings are part of the answer (settings.problems), because no fact about\n" +
    "the VM depends on them; to test the settings use ascalon plan or config get, which exit with 5 then.",
  examples: [
    ["ascalon status", "for people"],
    ["ascalon status --json", 'one document, "schema": 1'],
    ["ascalon status --watch", "print it again each time something changes"],
  ],
  options: [
    { flags: "--json", summary: "one JSON document; with --watch one per line" },
    { flags: "--watch", summary: "keep running and show each change" },
  ],
  palette: { brief: "Show the VM's status", icon: "md_information", runs: "tab" },
  load: async () => (await import("./status-run.ts")).runStatus,
};
