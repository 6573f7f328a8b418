import type { SettingKey } from "./generated-keys.ts";
import type { Settings } from "./settings.ts";
import { sizeText } from "./size-text.ts";

/** Effective settings in the notation of the file, one value a dotted key. The type makes a forgotten key an error. */
export function settingsByKey(settings: Settings): Readonly<Record<SettingKey, unknown>> {
  const { vm, user, system, rebuild, mounts, ports, sockets, bridge, agent, wezterm } = settings;
  return {
    "vm.cpus": vm.cpus,
    "vm.memory": sizeText(vm.memoryBytes),
    "vm.disk": sizeText(vm.diskBytes),
    "vm.home": sizeText(vm.homeBytes),
    "vm.type": vm.type,
    "vm.autostart": vm.autostart,
    "vm.image": vm.image,
    "user.name": user.name,
    "system.flake": system.flake ?? "none",
    "system.host": system.host,
    "rebuild.max-builds": rebuild.maxBuilds,
    "rebuild.max-download": sizeText(rebuild.maxDownloadBytes),
    "rebuild.max-growth": sizeText(rebuild.maxGrowthBytes),
    "rebuild.confirm": rebuild.confirmSeconds,
    "rebuild.checks": rebuild.checks,
    mounts,
    "ports.forward": ports.forward,
    "ports.ignore": ports.ignore,
    "sockets.docker": sockets.docker,
    "sockets.ssh-agent": sockets.sshAgent,
    "sockets.extra": sockets.extra,
    "bridge.allow": bridge.allow,
    "bridge.rules": bridge.rules,
    "agent.enabled": agent.enabled,
    "wezterm.attach": wezterm.attach,
    "wezterm.key": wezterm.key,
  };
}

/** The value in one line for a person: lists joined, an empty one as `none`. */
export function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(valueText).join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  const entry = value as Readonly<Record<string, unknown>>;
  if ("writable" in entry) return entry.writable ? `${entry.host} (writable)` : String(entry.host);
  if ("direction" in entry) {
    const arrow = entry.direction === "guest-to-host" ? "<-" : "->";
    return `${entry.name} (host ${entry.host} ${arrow} guest ${entry.guest})`;
  }
  if ("command" in entry) {
    const { command, ...rest } = entry;
    const parts = Object.entries(rest).map(([name, part]) => `${name} ${valueText(part)}`);
    return parts.length === 0 ? String(command) : `${command} (${parts.join("; ")})`;
  }
  return JSON.stringify(value);
}
