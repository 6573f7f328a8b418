import type { CommandSpec } from "../command.ts";

export const planCommand: CommandSpec = {
  name: "plan",
  summary: "Compare the settings file with the VM: each changed key and when it takes effect",
  description:
    "Effects: live (at once), rebuild (`ascalon rebuild`), restart (`ascalon restart`), recreate (destroy and up;\n" +
    "destroy names what is lost). Exit code 8 when something is pending, 0 when nothing is.",
  examples: [
    ["ascalon plan", "one line a key"],
    ["ascalon plan --json", "for scripts"],
  ],
  options: [{ flags: "--json", summary: "one JSON document" }],
  load: async () => (await import("./plan-run.ts")).runPlan,
};
