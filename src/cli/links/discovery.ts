import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { SocketChoice } from "../settings/settings.ts";
import { forbiddenClause } from "./forbidden.ts";

/**
 * `stale`: a socket file that nobody listens on. `other`: something else, or nothing. `forbidden`: this user may not
 * connect; the system's code.
 */
export type Seen = "listens" | "stale" | "other" | { readonly forbidden: string };

/** What discovery may ask of the host. */
export interface DiscoveryPort {
  /** Throws when it cannot be looked. */
  look(path: string): Promise<Seen>;
  readText(path: string): Promise<string | undefined>;
}

export interface DiscoveryHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: "darwin" | "linux";
  readonly uid: number;
}

export interface Candidate {
  readonly path: string;
  /** Names the program for people: `Colima's socket`. */
  readonly why: string;
}

/** `path` undefined: nothing was found, and `why` says what was looked at. */
export interface Found {
  readonly path: string | undefined;
  readonly why: string;
}

type Row = (host: DiscoveryHost) => Candidate | undefined;

const at =
  (why: string, below: string): Row =>
  ({ home }) => ({ why, path: `${home}/${below}` });

const on =
  (platform: DiscoveryHost["platform"], row: Row): Row =>
  (host) =>
    host.platform === platform ? row(host) : undefined;

const colimaProfile = (host: DiscoveryHost): string => host.env.COLIMA_PROFILE || "default";

/** In the order in which they are preferred; a living one wins over a dead one that stands before it. */
const dockerRows: readonly Row[] = [
  (host) =>
    host.env.COLIMA_HOME
      ? {
          why: "Colima's socket (COLIMA_HOME)",
          path: `${host.env.COLIMA_HOME}/${colimaProfile(host)}/docker.sock`,
        }
      : undefined,
  (host) => ({ why: "Colima's socket", path: `${host.home}/.colima/${colimaProfile(host)}/docker.sock` }),
  // Colima 0.4 to 0.5 without profiles, still there after an upgrade.
  at("Colima's socket (old place)", ".colima/docker.sock"),
  (host) => ({
    why: "Colima's socket (XDG home)",
    path: `${host.env.XDG_CONFIG_HOME || `${host.home}/.config`}/colima/${colimaProfile(host)}/docker.sock`,
  }),
  on("darwin", at("Docker Desktop's socket", ".docker/run/docker.sock")),
  on("linux", at("Docker Desktop's socket", ".docker/desktop/docker.sock")),
  at("OrbStack's socket", ".orbstack/run/docker.sock"),
  at("Rancher Desktop's socket", ".rd/docker.sock"),
  on("darwin", at("Podman's socket", ".local/share/containers/podman/machine/podman.sock")),
  on(
    "darwin",
    at(
      "Podman's socket (podman-machine-default)",
      ".local/share/containers/podman/machine/podman-machine-default/podman.sock",
    ),
  ),
  on("linux", ({ env, uid }) => ({
    why: "rootless Docker's socket",
    path: `${env.XDG_RUNTIME_DIR || `/run/user/${uid}`}/docker.sock`,
  })),
  () => ({ why: "the system's Docker socket", path: "/var/run/docker.sock" }),
  on("linux", ({ env, uid }) => ({
    why: "Podman's socket",
    path: `${env.XDG_RUNTIME_DIR || `/run/user/${uid}`}/podman/podman.sock`,
  })),
  // Podman from 5 on (pkg/machine/env, dir_darwin.go). Without TMPDIR it takes /tmp, where anybody could have put one.
  on("darwin", ({ env }) =>
    env.TMPDIR?.startsWith("/")
      ? {
          why: "Podman's socket",
          path: posix.join(env.TMPDIR, "podman/podman-machine-default-api.sock"),
        }
      : undefined,
  ),
];

const launchdAgent = /\/com\.apple\.launchd\.[^/]+\/Listeners$/;

const agentRows: readonly Row[] = [
  on("darwin", at("1Password's agent", "Library/Group Containers/2BUA8C4S2C.com.1password/t/agent.sock")),
  at("1Password's agent (~/.1password)", ".1password/agent.sock"),
  ({ env }) =>
    env.SSH_AUTH_SOCK
      ? {
          why: launchdAgent.test(env.SSH_AUTH_SOCK) ? "launchd's agent" : "the agent in SSH_AUTH_SOCK",
          path: env.SSH_AUTH_SOCK,
        }
      : undefined,
];

const dockerSocket = "Docker socket";

async function choose(port: DiscoveryPort, candidates: readonly Candidate[], what: string): Promise<Found> {
  let stale: Candidate | undefined;
  let forbidden: Found | undefined;
  for (const candidate of candidates) {
    const seen = await port.look(candidate.path);
    if (seen === "listens") return candidate;
    if (seen === "stale") stale ??= candidate;
    if (typeof seen === "string") continue;
    const clause = forbiddenClause(seen.forbidden, what === dockerSocket);
    forbidden ??= { path: candidate.path, why: `${candidate.why}, which ${clause}` };
  }
  if (forbidden) return forbidden;
  if (stale) return { path: stale.path, why: `${stale.why}, which nobody listens on` };
  return {
    path: undefined,
    why: `no ${what} found in ${candidates.length === 1 ? "the usual place" : `${candidates.length} usual places`}`,
  };
}

const present = (rows: readonly Row[], host: DiscoveryHost): Candidate[] =>
  rows.map((row) => row(host)).filter((candidate) => candidate !== undefined);

const named = (choice: SocketChoice): Found | undefined => {
  if (choice === "off") return { path: undefined, why: "switched off in the settings" };
  return choice === "auto" ? undefined : { path: choice, why: "the settings name it" };
};

const unixPath = (endpoint: unknown): string | undefined =>
  typeof endpoint === "string" && endpoint.startsWith("unix:///")
    ? endpoint.slice("unix://".length)
    : undefined;

function parsed(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The docker CLI keeps a context in a folder named by the SHA-256 of its name. */
async function dockerContext(port: DiscoveryPort, host: DiscoveryHost): Promise<Candidate | undefined> {
  const folder = host.env.DOCKER_CONFIG || `${host.home}/.docker`;
  const name = host.env.DOCKER_CONTEXT || parsed(await port.readText(`${folder}/config.json`)).currentContext;
  if (typeof name !== "string" || name === "" || name === "default") return undefined;
  const id = createHash("sha256").update(name).digest("hex");
  const meta = parsed(await port.readText(`${folder}/contexts/meta/${id}/meta.json`));
  const endpoints = meta.Endpoints as { readonly docker?: { readonly Host?: unknown } } | undefined;
  const path = unixPath(endpoints?.docker?.Host);
  return path === undefined ? undefined : { path, why: `docker context ${JSON.stringify(name)}` };
}

export async function discoverDocker(
  port: DiscoveryPort,
  host: DiscoveryHost,
  choice: SocketChoice,
): Promise<Found> {
  const given = named(choice);
  if (given) return given;
  const fromEnv = unixPath(host.env.DOCKER_HOST);
  const context = await dockerContext(port, host);
  const candidates = [
    ...(fromEnv === undefined ? [] : [{ path: fromEnv, why: "DOCKER_HOST" }]),
    ...(context ? [context] : []),
    ...present(dockerRows, host),
  ];
  return choose(port, candidates, dockerSocket);
}

export async function discoverSshAgent(
  port: DiscoveryPort,
  host: DiscoveryHost,
  choice: SocketChoice,
): Promise<Found> {
  return named(choice) ?? choose(port, present(agentRows, host), "ssh agent");
}
