import type { CommandSpec } from "../command.ts";

export const logsCommand: CommandSpec = {
  name: "logs",
  summary: "Show the logs of the VM, the agent, rebuilds and the guest's units, in one order of time",
  description:
    "Words: boot (Lima, the console, the guest's journal since its start), rebuild (what ascalon did, and the guest's\n" +
    "switch), agent, vm (what ascalon did, Lima, the console); any other word is a unit of the guest. Times are UTC.",
  examples: [
    ["ascalon logs", "the last of everything"],
    ["ascalon logs rebuild --since 1h", "why the last rebuild went back"],
    ["ascalon logs sshd -f", "follow a unit of the guest"],
  ],
  arguments: [
    { name: "[what]", summary: "boot, rebuild, agent, vm, or a unit of the guest; everything when left out" },
  ],
  options: [
    { flags: "-f, --follow", summary: "go on with what is written from now on" },
    { flags: "--since <time>", summary: "a span such as 10m, 2h, 1d, or a time such as 2026-01-02T03:04" },
    { flags: "-n, --lines <count>", summary: "how many lines at most", default: "200" },
    { flags: "--json", summary: "one JSON document; with --follow one a line" },
  ],
  palette: { brief: "Show the logs", icon: "md_text_box_search", runs: "tab" },
  load: async () => (await import("./logs-run.ts")).runLogs,
};
