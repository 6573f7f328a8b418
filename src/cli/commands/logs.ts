import type { CommandSpec } from "../command.ts";

export const logsCommand: CommandSpec = {
  name: "logs",
  summary: "Show the logs of the VM, the agent, rebuilds and the guest's units, in one order of time",
  description:
    "Without a word: what ascalon did, its agent, Lima, the console and the guest's journal. Words: boot (Lima, the\n" +
    "console, the guest's journal since its start), rebuild (what ascalon did, and the guest's switch), agent, vm (what\n" +
    "ascalon did, Lima, the console); any other word is a unit of the guest. Times are UTC, those of --since too. Lines of\n" +
    "the console are dated by when the last of them was written. What the bridge was asked for: ascalon bridge log.",
  examples: [
    ["ascalon logs", "the last of everything"],
    ["ascalon logs vm", "why the VM does not boot: the console's last words"],
    ["ascalon logs rebuild --since 1h", "why the last rebuild went back"],
    ["ascalon logs sshd -f", "follow a unit of the guest"],
  ],
  arguments: [
    { name: "[what]", summary: "boot, rebuild, agent, vm, or a unit of the guest; everything when left out" },
  ],
  options: [
    { flags: "-f, --follow", summary: "go on with what is written from now on" },
    {
      flags: "--since <time>",
      summary: "a span such as 90s, 10m, 2h, 1d, or a time such as 2026-01-02, 2026-01-02T03:04, @1767323045",
    },
    { flags: "-n, --lines <count>", summary: "how many lines at most, the last ones", default: "200" },
    { flags: "--json", summary: "one JSON document; with --follow one a line" },
  ],
  palette: { brief: "Show the logs", icon: "md_text_box_search", runs: "tab" },
  load: async () => (await import("./logs-run.ts")).runLogs,
};
