import type { CommandSpec } from "../command.ts";
import { holdOption } from "./hold.ts";

export const agentCommand: CommandSpec = {
  name: "agent",
  summary: "The program that keeps the links: one per login, started by launchd or systemd",
  description: `It starts the VM at login (vm.autostart), owns the ssh that carries every link, proves each link by a real request,
repairs what broke, serves the bridge, and writes status.json for WezTerm. ascalon up installs it unless agent.enabled
is false; then ascalon heal --hold keeps the links for as long as it runs, and so do up --attach and attach.`,
  examples: [
    ["ascalon agent install", "now, and at each login"],
    ["ascalon agent status", "whether it is installed, of this version, and running"],
    ["ascalon agent run", "in this terminal, until Ctrl-C"],
  ],
  subcommands: [
    {
      name: "run",
      summary: "Hold the links here, until Ctrl-C",
      examples: [["ascalon agent run", "what launchd and systemd start"]],
      load: async () => (await import("./agent-run.ts")).runAgentHere,
    },
    {
      name: "install",
      summary: "Start it now and at each login",
      examples: [["ascalon agent install", "again after an upgrade, or to take this shell's DOCKER_HOST"]],
      load: async () => (await import("./agent-run.ts")).runAgentInstall,
    },
    {
      name: "uninstall",
      summary: "Stop it and remove it from the login; the VM goes on",
      examples: [["ascalon agent uninstall", "the links end"]],
      load: async () => (await import("./agent-run.ts")).runAgentUninstall,
    },
    {
      name: "status",
      summary: "Whether it is installed, of this version, running and writing",
      description:
        "It ends with 0 when an agent, or a command that holds the links, writes status.json in time, and with 1 when none does,\n" +
        "whatever the VM does.",
      examples: [["ascalon agent status --json", "for scripts"]],
      options: [{ flags: "--json", summary: "one JSON document" }],
      load: async () => (await import("./agent-run.ts")).runAgentStatus,
    },
    {
      name: "logs",
      summary: "The end of its log; ascalon logs agent -f follows it",
      examples: [["ascalon agent logs", "the last 200 lines"]],
      palette: { brief: "Show the agent's log", icon: "md_text_box", runs: "tab" },
      load: async () => (await import("./agent-run.ts")).runAgentLogs,
    },
  ],
};

export const healCommand: CommandSpec = {
  name: "heal",
  summary: "Prove every link now and repair what is broken",
  description:
    "Asks the agent, which does the same by itself; waits until it has, and says how each link is. The links live as long\n" +
    "as somebody keeps them: the agent, or with --hold this command.",
  examples: [
    ["ascalon heal", "after a sleep, a new network, whatever"],
    ["ascalon heal --hold", "no agent, or agent.enabled: false: links until Ctrl-C"],
    ["ascalon heal --json", "the links as one JSON document"],
  ],
  options: [holdOption, { flags: "--json", summary: "one JSON document" }],
  palette: { brief: "Repair the links", icon: "md_bandage", runs: "silent" },
  load: async () => (await import("./heal-run.ts")).runHeal,
};

export const doctorCommand: CommandSpec = {
  name: "doctor",
  summary: "Look at everything that can be wrong; each finding with its evidence and a command that helps",
  examples: [
    ["ascalon doctor", "problems first"],
    ["ascalon doctor --fix", "run the commands that are safe to run, then look again"],
    ["ascalon doctor --json", "for a bug report"],
  ],
  options: [
    { flags: "--fix", summary: "run ascalon's own repairs: up, heal, agent install" },
    { flags: "--json", summary: "one JSON document" },
  ],
  palette: { brief: "Look for what is wrong (doctor)", icon: "md_stethoscope", runs: "tab" },
  load: async () => (await import("./doctor-run.ts")).runDoctor,
};
