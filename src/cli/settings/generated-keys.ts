// Made by `npm run gen` from schema.ts; do not edit.
import type { EffectClass } from "./settings.ts";

/** Every key that can be set, and when a change of it takes effect. */
export const keyEffects = {
  "vm.cpus": "restart",
  "vm.memory": "restart",
  "vm.disk": "restart",
  "vm.home": "restart",
  "vm.type": "recreate",
  "vm.autostart": "live",
  "vm.image": "recreate",
  "user.name": "recreate",
  "system.flake": "rebuild",
  "system.host": "rebuild",
  "rebuild.max-builds": "live",
  "rebuild.max-download": "live",
  "rebuild.max-growth": "live",
  "rebuild.confirm": "live",
  "rebuild.checks": "live",
  mounts: "restart",
  "ports.forward": "restart",
  "ports.ignore": "restart",
  "sockets.docker": "live",
  "sockets.ssh-agent": "live",
  "sockets.extra": "live",
  "bridge.allow": "live",
  "bridge.rules": "live",
  "agent.enabled": "live",
  "wezterm.attach": "live",
  "wezterm.key": "live",
} as const satisfies Record<string, EffectClass>;

export type SettingKey = keyof typeof keyEffects;

/** Changes whenever the schema does: what was resolved with another one is not used again. */
export const schemaDigest = "7f901b309e84bea8";
