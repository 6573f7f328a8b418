import type { CommandSpec } from "../command.ts";

const commandArgument = { name: "<command>", summary: "op, open, pbcopy, pbpaste or notify" };

export const bridgeCommand: CommandSpec = {
  name: "bridge",
  summary: "What programs in the VM may run on the host",
  description:
    "Programs in the VM can run a few commands on the host: op, open, pbcopy, pbpaste, notify. bridge.allow lists which\n" +
    "ones; bridge.rules sets what differs for a single command. docs/bridge.md has the rules for each.",
  examples: [
    ["ascalon bridge status", "whether it works, what is allowed, how often it was used"],
    ["ascalon bridge allow notify", "takes effect with the next call"],
    ["ascalon bridge log", "the latest calls"],
  ],
  subcommands: [
    {
      name: "status",
      summary: "Show whether the bridge works and what it allows",
      examples: [["ascalon bridge status --json", ""]],
      options: [{ flags: "--json", summary: "print one JSON document" }],
      load: async () => (await import("./bridge-status-run.ts")).runBridgeStatus,
    },
    {
      name: "log",
      summary: "Show the latest calls; arguments that may be secret are left out",
      examples: [["ascalon bridge log --lines 200", ""]],
      options: [
        { flags: "-n, --lines <count>", summary: "how many calls", default: "50" },
        { flags: "--json", summary: "print one JSON document" },
      ],
      load: async () => (await import("./bridge-log-run.ts")).runBridgeLog,
    },
    {
      name: "allow",
      summary: "Let programs in the VM run a command on the host",
      examples: [["ascalon bridge allow pbpaste", "the guest can read what you copy"]],
      arguments: [commandArgument],
      load: async () => (await import("./bridge-change-run.ts")).runBridgeAllow,
    },
    {
      name: "deny",
      summary: "Stop programs in the VM from running a command on the host",
      examples: [["ascalon bridge deny op", ""]],
      arguments: [commandArgument],
      load: async () => (await import("./bridge-change-run.ts")).runBridgeDeny,
    },
  ],
};
