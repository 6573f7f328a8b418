import type { CommandSpec } from "../command.ts";

export const logsCommand: CommandSpec = {
  name: "logs",
  summary: "Show the logs of the VM, the agent, rebuilds and the guest's units, merged in time order",
  description:
    "Without an argument: what ascalon did, its agent, Lima, the console and the guest's journal. With one: boot (Lima, the\n" +
    "console, the guest's journal since its start), rebuild (what ascalon did, and the guest's switch), agent, vm (what\n" +
    "ascalon did, Lima, the console), or a unit of the guest. Times are in UTC, also those for --since. Console lines\n" +
    "carry the time at which the last of them was written. For the bridge's calls see ascalon bridge log.",
  examples: [
    ["ascalon logs", "the latest lines of everything"],
    ["ascalon logs vm", "why the VM does not boot: the last lines of the console"],
    ["ascalon logs rebuild --since 1h", "why the last rebuild went back"],
    ["ascalon logs sshd -f", "follow a unit of the guest"],
  ],
  arguments: [
    { name: "[what]", summary: "boot, rebuild, agent, vm, or a unit of the guest; everything if omitted" },
  ],
  options: [
    { flags: "-f, --follow", summary: "keep showing new lines as they are written" },
    {
      flags: "--since <time>",
      summary:
        "a duration such as 90s, 10m, 2h, 1d, or a time such as 2026-01-02, 2026-01-02T03:04, @1767323045",
    },
    { flags: "-n, --lines <count>", summary: "show at most this many of the latest lines", default: "200" },
    { flags: "--json", summary: "one JSON document; with --follow one per line" },
  ],
  palette: { brief: "Show the logs", icon: "md_text_box_search", runs: "tab" },
  load: async () => (await import("./logs-run.ts")).runLogs,
};
