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
    ...ruleProblems(filled),
  ];
  if (problems.length > 0) return { problems };
  const path = (text: string): string => posix.normalize(expandHome(text, host.home));
  const { vm, system, rebuild } = filled;
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
    rebuild: {
      maxBuilds: rebuild["max-builds"],
      maxDownloadBytes: sizeToBytes(rebuild["max-download"]),
      maxGrowthBytes: sizeToBytes(rebuild["max-growth"]),
      confirmSeconds: rebuild.confirm,
      checks: rebuild.checks,
    },
    mounts: mounts.mounts,
    ports: filled.ports,
    sockets: sockets.sockets,
    bridge: {
      allow: filled.bridge.allow,
      rules: filled.bridge.rules.map(({ program, ...rule }) => ({
        ...rule,
        ...(program === undefined ? {} : { program: path(program) }),
      })),
    },
    agent: filled.agent,
    wezterm: filled.wezterm,
  };
  return { settings, notes: limits.notes };
}

function userProblems({ user }: Filled): readonly Problem[] {
  if (!systemUsers.includes(user.name)) return [];
  return [{ path: ["user", "name"], message: `${user.name} is a system user, choose another name` }];
}

function portProblems({ ports }: Filled): readonly Problem[] {
  return repeatedEntries(["ports", "ignore"], ports.ignore);
}

function ruleProblems({ bridge }: Filled): readonly Problem[] {
  return bridge.rules.flatMap(({ command, subcommands, applications }, index): readonly Problem[] => {
    const at = (name: string, message: string): Problem => ({
      path: ["bridge", "rules", index, name],
      message,
    });
    const before = bridge.rules.slice(0, index);
    return [
      ...(before.some((other) => other.command === command)
        ? [at("command", `${command} has another rule above`)]
        : []),
      ...(subcommands && command !== "op" ? [at("subcommands", "only op has subcommands")] : []),
      ...(applications && command !== "open" ? [at("applications", "only open has applications")] : []),
    ];
  });
}

function repeatedEntries(path: readonly string[], entries: readonly (string | number)[]): readonly Problem[] {
  return entries.flatMap((entry, index) =>
    entries.indexOf(entry) < index
      ? [{ path: [...path, index], message: `${entry} is in the list twice` }]
      : [],
  );
}
