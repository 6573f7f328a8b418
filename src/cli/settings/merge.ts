import type { Settings } from "./settings.ts";

/** What is true of a VM once its live keys were applied: everything else stays as it was made. */
export function withLiveKeys(applied: Settings, settings: Settings): Settings {
  const { rebuild, sockets, bridge, agent, wezterm } = settings;
  return {
    ...applied,
    vm: { ...applied.vm, autostart: settings.vm.autostart },
    rebuild,
    sockets,
    bridge,
    agent,
    wezterm,
  };
}

/**
 * What a stopped VM can be changed to: keys that need a rebuild or a new VM keep the value they were made with,
 * because its root disk is still that of the old image and the old user.
 */
export function withRestartKeys(applied: Settings, settings: Settings): Settings {
  const { type, image } = applied.vm;
  return { ...settings, vm: { ...settings.vm, type, image }, user: applied.user, system: applied.system };
}

/** What a guest's system can be told: the VM has the user and the kind of mounts that it was made with until there is a new one. */
export function withMadeKeys(applied: Settings, settings: Settings): Settings {
  return { ...settings, vm: { ...settings.vm, type: applied.vm.type }, user: applied.user };
}

/** A new VM runs the system of its image, whichever flake the settings name. */
export function asCreated(settings: Settings): Settings {
  return { ...settings, system: { ...settings.system, flake: null } };
}

/** What is true once the guest runs the system that the settings name. */
export function withRebuildKeys(applied: Settings, settings: Settings): Settings {
  return { ...applied, system: settings.system };
}
