import { posix } from "node:path";
import { expandHome } from "../paths.ts";
import type { Problem } from "./problem.ts";
import type { Filled } from "./schema.ts";
import type { HostFacts, Settings } from "./settings.ts";

/** Links that ascalon has anyway, and their ends in the guest. */
const ownNames = ["mux", "docker", "ssh-agent", "bridge"];
const ownGuestPaths = [
  "/run/ascalon/docker.sock",
  "/run/ascalon/ssh-agent.sock",
  "/run/ascalon/bridge.sock",
  "/run/docker.sock",
  "/var/run/docker.sock",
  "/run/user/1000/wezterm/sock",
];

/** Bytes of sun_path without its final NUL. */
const longestPath = { darwin: 103, linux: 107 } as const;

export function resolveSockets(
  sockets: Filled["sockets"],
  host: HostFacts,
): { readonly sockets: Settings["sockets"]; readonly problems: readonly Problem[] } {
  const path = (text: string): string => posix.normalize(expandHome(text, host.home));
  const choice = (text: string): string => (text === "auto" || text === "off" ? text : path(text));
  const resolved = {
    docker: choice(sockets.docker),
    sshAgent: choice(sockets["ssh-agent"]),
    extra: sockets.extra.map((socket) => ({ ...socket, host: path(socket.host) })),
  };
  const tooLong = (text: string, at: Problem["path"]): readonly Problem[] => {
    const limit = longestPath[host.platform];
    const bytes = Buffer.byteLength(text);
    return bytes > limit
      ? [{ path: at, message: `is ${bytes} bytes long; a socket's path may have at most ${limit}` }]
      : [];
  };
  const problems = [
    ...tooLong(resolved.docker, ["sockets", "docker"]),
    ...tooLong(resolved.sshAgent, ["sockets", "ssh-agent"]),
    ...resolved.extra.flatMap(({ name, host, guest, direction }, index): readonly Problem[] => {
      const at = ["sockets", "extra", index] as const;
      const before = resolved.extra.slice(0, index);
      return [
        ...(ownNames.includes(name)
          ? [{ path: [...at, "name"], message: `${name} is a link of ascalon's own` }]
          : []),
        ...(before.some((other) => other.name === name)
          ? [{ path: [...at, "name"], message: `${name} is the name of another socket above` }]
          : []),
        ...(ownGuestPaths.includes(guest)
          ? [{ path: [...at, "guest"], message: `${guest} is the end of a link of ascalon's own` }]
          : []),
        ...(before.some((other) => other.guest === guest)
          ? [{ path: [...at, "guest"], message: `${guest} is taken by another socket above` }]
          : []),
        // In the other direction many guest sockets may lead to one on the host.
        ...(direction === "guest-to-host" && before.some((other) => other.host === host)
          ? [{ path: [...at, "host"], message: `${host} is taken by another socket above` }]
          : []),
        ...tooLong(host, [...at, "host"]),
      ];
    }),
  ];
  return { sockets: resolved, problems };
}
