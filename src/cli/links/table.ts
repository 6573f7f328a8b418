import type { ExtraSocket, Settings, SocketChoice } from "../settings/settings.ts";
import type { Found } from "./discovery.ts";
import type { Link, RefusedLink } from "./link.ts";
import { guestPathProblem, guestSocketDir, hostPathProblem } from "./path-rules.ts";

/** The guest's user always has this uid: lima.yaml says so. */
export const guestUid = 1000;

export interface LinkInputs {
  readonly settings: Pick<Settings, "sockets">;
  readonly sockDir: string;
  readonly platform: "darwin" | "linux";
  /** uid of the guest's user: its runtime folder holds the mux socket. */
  readonly guestUid: number;
  readonly docker: Found;
  readonly sshAgent: Found;
}

export interface LinkTable {
  readonly links: readonly Link[];
  readonly refused: readonly RefusedLink[];
}

export const muxSocketPath = (sockDir: string): string => `${sockDir}/mux.sock`;
export const bridgeSocketPath = (sockDir: string): string => `${sockDir}/bridge.sock`;

function fromHost(
  inputs: LinkInputs,
  name: string,
  protocol: Link["protocol"],
  guestEnd: string,
  found: Pick<Found, "path" | "why">,
): Link {
  return {
    name,
    protocol,
    direction: "host-to-guest",
    hostEnd: `${inputs.sockDir}/host-${name}.sock`,
    guestEnd,
    target: found.path,
    probeEnd: `${inputs.sockDir}/probe-${name}.sock`,
    chosen: found.why,
  };
}

function toHost(
  name: string,
  protocol: Link["protocol"],
  hostEnd: string,
  guestEnd: string,
  chosen: string,
): Link {
  return {
    name,
    protocol,
    direction: "guest-to-host",
    hostEnd,
    guestEnd,
    target: undefined,
    probeEnd: hostEnd,
    chosen,
  };
}

function extraLink(inputs: LinkInputs, extra: ExtraSocket): Link {
  const chosen = "sockets.extra names it";
  if (extra.direction === "guest-to-host")
    return toHost(extra.name, "stream", extra.host, extra.guest, chosen);
  return fromHost(inputs, extra.name, "stream", extra.guest, { path: extra.host, why: chosen });
}

const isOn = (choice: SocketChoice): boolean => choice !== "off";

function problemOf(link: Link, platform: LinkInputs["platform"]): string | undefined {
  return (
    hostPathProblem(link.hostEnd, platform) ??
    hostPathProblem(link.probeEnd, platform) ??
    guestPathProblem(link.guestEnd)
  );
}

/** What is forwarded. Pure: what exists on the host was found before. */
export function linksOf(inputs: LinkInputs): LinkTable {
  const { settings, sockDir, guestUid } = inputs;
  const wanted: Link[] = [
    toHost(
      "mux",
      "mux",
      muxSocketPath(sockDir),
      `/run/user/${guestUid}/wezterm/sock`,
      "the guest's mux server",
    ),
    ...(isOn(settings.sockets.docker)
      ? [fromHost(inputs, "docker", "docker", `${guestSocketDir}/docker.sock`, inputs.docker)]
      : []),
    ...(isOn(settings.sockets.sshAgent)
      ? [fromHost(inputs, "ssh-agent", "ssh-agent", `${guestSocketDir}/ssh-agent.sock`, inputs.sshAgent)]
      : []),
    fromHost(inputs, "bridge", "bridge", `${guestSocketDir}/bridge.sock`, {
      path: bridgeSocketPath(sockDir),
      why: "ascalon's own",
    }),
    ...settings.sockets.extra.map((extra) => extraLink(inputs, extra)),
  ];
  const links: Link[] = [];
  const refused: RefusedLink[] = [];
  for (const link of wanted) {
    const taken = links.find(
      (other) =>
        other.name === link.name || other.hostEnd === link.hostEnd || other.guestEnd === link.guestEnd,
    );
    const why = taken
      ? `${taken.name} already uses its name or one of its paths`
      : problemOf(link, inputs.platform);
    if (why === undefined) links.push(link);
    else refused.push({ name: link.name, why });
  }
  return { links, refused };
}
