import { posix } from "node:path";
import type { Context } from "../context.ts";
import type { BridgeRule } from "../settings/settings.ts";
import type { CommandRule } from "./policy.ts";

/** A program of the host that stands for a command. */
export interface FoundProgram {
  /** Absolute. */
  readonly file: string;
  /** Its name in the rule's list, which decides its arguments. */
  readonly tool: string;
}

export type ProgramHost = Pick<Context, "env" | "host" | "files">;

/**
 * Where programs are looked for: folders of the system, and those in which package managers install. Neither the
 * guest nor the PATH of whoever started the agent has a say.
 */
export function safeFolders({ env, host }: Pick<ProgramHost, "env" | "host">): readonly string[] {
  const user = env.USER ?? env.LOGNAME ?? "";
  return [
    "/usr/bin",
    "/bin",
    ...(host.platform === "darwin" ? ["/opt/homebrew/bin"] : []),
    "/usr/local/bin",
    "/run/current-system/sw/bin",
    ...(/^[A-Za-z0-9_.-]+$/.test(user) ? [`/etc/profiles/per-user/${user}/bin`] : []),
    `${host.home}/.nix-profile/bin`,
    "/nix/var/nix/profiles/default/bin",
  ];
}

async function firstOf(host: ProgramHost, names: readonly string[]): Promise<FoundProgram | undefined> {
  for (const tool of names) {
    for (const folder of safeFolders(host)) {
      const file = `${folder}/${tool}`;
      if (await host.files.isExecutable(file)) return { file, tool };
    }
  }
  return undefined;
}

/** Finds programs; what was found is kept for as long as it is there. */
export function createProgramFinder(host: ProgramHost) {
  const known = new Map<string, FoundProgram>();
  const find = async (names: readonly string[]): Promise<FoundProgram | undefined> => {
    const key = names.join(" ");
    const before = known.get(key);
    if (before && (await host.files.isExecutable(before.file))) return before;
    const found = await firstOf(host, names);
    if (found) known.set(key, found);
    else known.delete(key);
    return found;
  };
  return {
    find,
    /** The settings' own program comes first; its base name tells which tool it is, else it is the usual one. */
    forCommand: async (rule: CommandRule, own: BridgeRule | undefined): Promise<FoundProgram | undefined> => {
      const tools = rule.tools[host.host.platform];
      if (own?.program === undefined) return await find(tools);
      if (!(await host.files.isExecutable(own.program))) return undefined;
      const name = posix.basename(own.program);
      return { file: own.program, tool: tools.includes(name) ? name : (tools[0] ?? name) };
    },
  };
}

export type ProgramFinder = ReturnType<typeof createProgramFinder>;
