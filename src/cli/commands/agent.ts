import type { CommandSpec } from "../command.ts";
import { holdOption } from "./hold.ts";

export const agentCommand: CommandSpec = {
  name: "agent",
  summary: "The program that keeps the links up: one per login, started by launchd or systemd",
  description: `The agent starts the VM at login (vm.autostart), runs the ssh that carries every link, proves each link by a real
request, repairs broken links, serves the bridge, and writes status.json for WezTerm. ascalon up installs it unless
agent.enabled is false; without it, ascalon heal --hold, up --attach and attach keep the links up while they run.`,
  examples: [
    ["ascalon agent install", "start it now and at each login"],
    ["ascalon agent status", "whether it is installed, of this version, and running"],
    ["ascalon agent run", "run it in this terminal, until Ctrl-C"],
  ],
  subcommands: [
    {
      name: "run",
      summary: "Keep the links up from this terminal, until Ctrl-C",
      examples: [["ascalon agent run", "what launchd and systemd start"]],
      load: async () => (await import("./agent-run.ts")).runAgentHere,
    },
    {
      name: "install",
      summary: "Start it now and at each login",
      examples: [["ascalon agent install", "also after an upgrade, or to use this shell's DOCKER_HOST"]],
      load: async () => (await import("./agent-run.ts")).runAgentInstall,
    },
    {
      name: "uninstall",
      summary: "Stop it and no longer start it at login; the VM keeps running",
      examples: [["ascalon agent uninstall", "the links go down"]],
      load: async () => (await import("./agent-run.ts")).runAgentUninstall,
    },
    {
      name: "status",
      summary: "Show whether it is installed, of this version, running and writing its status",
      description:
        "The exit code is 0 when the agent, or a command that keeps the links up, writes status.json on time, and 1 when none\n" +
        "does, whatever the state of the VM.",
      examples: [["ascalon agent status --json", "for scripts"]],
      options: [{ flags: "--json", summary: "one JSON document" }],
      load: async () => (await import("./agent-run.ts")).runAgentStatus,
    },
    {
      name: "logs",
      summary: "Show the end of its log; ascalon logs agent -f follows it",
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
    "Asks the agent, which also does this by itself, waits until it is done, and reports the state of each link. The links\n" +
    "last as long as something keeps them up: the agent, or with --hold this command.",
  examples: [
    ["ascalon heal", "after a sleep, a change of network, or whenever in doubt"],
    ["ascalon heal --hold", "without an agent: links until Ctrl-C"],
    ["ascalon heal --json", "the links as one JSON document"],
  ],
  options: [holdOption, { flags: "--json", summary: "one JSON document" }],
  palette: { brief: "Repair the links", icon: "md_bandage", runs: "silent" },
  load: async () => (await import("./heal-run.ts")).runHeal,
};

export const doctorCommand: CommandSpec = {
  name: "doctor",
  summary: "Check everything that can go wrong; each finding comes with evidence and a command that helps",
  examples: [
    ["ascalon doctor", "problems first"],
    ["ascalon doctor --fix", "run the repairs that are safe, then check again"],
    ["ascalon doctor --json", "for a bug report"],
  ],
  options: [
    { flags: "--fix", summary: "run ascalon's own repairs: up, heal, agent install" },
    { flags: "--json", summary: "one JSON document" },
  ],
  palette: { brief: "Check for problems (doctor)", icon: "md_stethoscope", runs: "tab" },
  load: async () => (await import("./doctor-run.ts")).runDoctor,
};
