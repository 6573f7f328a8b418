import type { CommandSpec } from "../command.ts";

export const planCommand: CommandSpec = {
  name: "plan",
  summary: "Compare the settings file with the VM: each changed key and when it takes effect",
  description:
    "Effects: live (at once), rebuild (`ascalon rebuild`), restart (`ascalon restart`), recreate (destroy and up;\n" +
    "destroy says what will be lost). The exit code is 8 when something is pending, and 0 when nothing is.",
  examples: [
    ["ascalon plan", "one line per key"],
    ["ascalon plan --json", "for scripts"],
  ],
  options: [{ flags: "--json", summary: "one JSON document" }],
  load: async () => (await import("./plan-run.ts")).runPlan,
};
