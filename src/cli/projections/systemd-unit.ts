import { type AgentService, agentStopSeconds } from "./agent-service.ts";

/** systemd.syntax(7): a quoted word with its specifiers doubled. */
const quoted = (text: string): string =>
  `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%").replaceAll("\n", "\\n")}"`;

/** On command lines a dollar sign would name a variable; in the program's own path it stands for itself. */
const word = (text: string, index: number): string =>
  index === 0 ? quoted(text) : quoted(text).replaceAll("$", "$$$$");

/** The unit of `systemd --user` (systemd.service(5)). */
export function projectSystemdUnit(service: AgentService): string {
  const environment = Object.entries(service.environment).map(
    ([name, value]) => `Environment=${quoted(`${name}=${value}`)}`,
  );
  return [
    "[Unit]",
    "Description=ascalon: keeps the VM's links alive",
    "# A crash loop is throttled by RestartSec and never given up.",
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "Type=exec",
    `ExecStart=${service.argv.map(word).join(" ")}`,
    ...environment,
    `WorkingDirectory=${service.home.replaceAll("%", "%%")}`,
    "Restart=on-failure",
    "RestartSec=2",
    "# limactl's processes are children of the agent that started the VM: they must outlive its restart.",
    "KillMode=process",
    `TimeoutStopSec=${agentStopSeconds}`,
    "UMask=0077",
    `StandardOutput=append:${service.logFile.replaceAll("%", "%%")}`,
    "StandardError=inherit",
    "",
    "[Install]",
    "WantedBy=default.target",
    "",
  ].join("\n");
}
