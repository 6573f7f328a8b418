import type { Context } from "../context.ts";
import type { Paths } from "../paths.ts";
import { readDescription } from "../projections/described-service.ts";
import { identityOf } from "./service-identity.ts";

/** The agent that home-manager or nix-darwin described for this login (nix/lib/agent.nix). */
export interface NixService {
  readonly file: string;
  /** argv of what starts it anew. */
  readonly restart: readonly [string, ...string[]];
}

type Host = Pick<Context, "env" | "host" | "uid" | "files">;

/** The names that the two give to a service called `ascalon`. */
function candidates({ env, host: { home, platform }, uid }: Host): readonly NixService[] {
  if (platform === "darwin")
    return ["org.nix-community.home.ascalon", "org.nixos.ascalon"].map(
      (label): NixService => ({
        file: `${home}/Library/LaunchAgents/${label}.plist`,
        restart: ["launchctl", "kickstart", "-k", `gui/${uid}/${label}`],
      }),
    );
  const folders = new Set([env.XDG_CONFIG_HOME || `${home}/.config`, `${home}/.config`]);
  return [...folders].map(
    (folder): NixService => ({
      file: `${folder}/systemd/user/ascalon.service`,
      restart: ["systemctl", "--user", "restart", "ascalon.service"],
    }),
  );
}

/** The one that works with the same state folder: of two such agents one waits for the other. */
export async function findNixService(
  host: Host,
  { stateDir }: Pick<Paths, "stateDir">,
): Promise<NixService | undefined> {
  for (const candidate of candidates(host)) {
    const text = await host.files.readText(candidate.file);
    if (text !== undefined && identityOf(readDescription(text), host.host).stateDir === stateDir)
      return candidate;
  }
  return undefined;
}
