import { posix } from "node:path";
import { expandHome } from "../paths.ts";
import { resolveHostLimits } from "./host-limits.ts";
import { resolveMounts } from "./mount-rules.ts";
import type { Problem } from "./problem.ts";
import { type Filled, settingsSchema, type Written } from "./schema.ts";
import type { HostFacts, Settings } from "./settings.ts";
import { resolveSockets } from "./socket-rules.ts";
import { sizeToBytes } from "./values.ts";

export interface Resolved {
  readonly settings: Settings;
  /** What differs from the plain defaults because of this host, one sentence each. */
  readonly notes: readonly string[];
}

/** Names that a NixOS guest has for itself. */
const systemUsers = ["root", "nobody", "messagebus", "sshd", "polkituser", "lp", "daemon"];

/** Partial to total: defaults, host facts, `~`. Everything that needs more than one key or the host is checked here. */
export function resolveSettings(
  written: Written,
  host: HostFacts,
): Resolved | { readonly problems: readonly Problem[] } {
  const filled = settingsSchema.parse(written);
  const limits = resolveHostLimits(written, filled, host);
  const mounts = resolveMounts(filled.mounts, filled.user.name, host.home);
  const sockets = resolveSockets(filled.sockets, host);
  const problems = [
    ...limits.problems,
    ...userProblems(filled),
    ...mounts.problems,
    ...portProblems(filled),
    ...sockets.problems,
    ...repeatedEntries(["bridge", "allow"], filled.bridge.allow),
  ];
  if (problems.length > 0) return { problems };
  const path = (text: string): string => posix.normalize(expandHome(text, host.home));
  const { vm, system } = filled;
  const settings: Settings = {
    vm: {
      cpus: limits.cpus,
      memoryBytes: limits.memoryBytes,
      diskBytes: sizeToBytes(vm.disk),
      homeBytes: sizeToBytes(vm.home),
      type: limits.type,
      autostart: vm.autostart,
      image: vm.image === "nixos-lima" ? vm.image : path(vm.image),
    },
    user: filled.user,
    system: { flake: system.flake === "none" ? null : path(system.flake), host: system.host },
    mounts: mounts.mounts,
    ports: filled.ports,
    sockets: sockets.sockets,
    bridge: filled.bridge,
    agent: filled.agent,
    wezterm: filled.wezterm,
  };
  return { settings, notes: limits.notes };
}

function userProblems({ user }: Filled): readonly Problem[] {
  if (!systemUsers.includes(user.name)) return [];
  return [{ path: ["user", "name"], message: `${user.name} is a user of the system, take another name` }];
}

function portProblems({ ports }: Filled): readonly Problem[] {
  return repeatedEntries(["ports", "ignore"], ports.ignore);
}

function repeatedEntries(path: readonly string[], entries: readonly (string | number)[]): readonly Problem[] {
  return entries.flatMap((entry, index) =>
    entries.indexOf(entry) < index
      ? [{ path: [...path, index], message: `${entry} is in the list twice` }]
      : [],
  );
}
