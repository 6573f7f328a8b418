import { type AgentService, agentLabel, agentStopSeconds } from "./agent-service.ts";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

type Value = string | number | boolean | readonly string[] | { readonly [key: string]: Value };

function render(value: Value, indent: string): string {
  if (typeof value === "string") return `${indent}<string>${escaped(value)}</string>`;
  if (typeof value === "number") return `${indent}<integer>${value}</integer>`;
  if (typeof value === "boolean") return `${indent}<${value}/>`;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return [
      `${indent}<array>`,
      ...value.map((item: string) => render(item, inner)),
      `${indent}</array>`,
    ].join("\n");
  }
  const rows = Object.entries(value).flatMap(([key, item]) => [
    `${inner}<key>${escaped(key)}</key>`,
    render(item, inner),
  ]);
  return [`${indent}<dict>`, ...rows, `${indent}</dict>`].join("\n");
}

/** The LaunchAgent (launchd.plist(5)). */
export function projectLaunchdPlist(service: AgentService): string {
  const plist = {
    Label: agentLabel,
    ProgramArguments: service.argv,
    EnvironmentVariables: service.environment,
    WorkingDirectory: service.home,
    RunAtLoad: true,
    // A clean end (uninstall, logout) stays an end; a crash does not.
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 5,
    // limactl's processes are children of the agent that started the VM: they must outlive its restart.
    AbandonProcessGroup: true,
    ExitTimeOut: agentStopSeconds,
    // Background would be throttled when the machine is busy, just when a person waits for a link.
    ProcessType: "Interactive",
    // 077: a plist knows decimal numbers only.
    Umask: 0o077,
    StandardOutPath: service.logFile,
    StandardErrorPath: service.logFile,
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    render(plist, ""),
    "</plist>",
    "",
  ].join("\n");
}
