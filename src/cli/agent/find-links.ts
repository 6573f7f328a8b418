import type { Converse } from "../adapters/converse.ts";
import type { Files } from "../adapters/files.ts";
import {
  type DiscoveryHost,
  type DiscoveryPort,
  discoverDocker,
  discoverSshAgent,
  type Seen,
} from "../links/discovery.ts";
import { guestUid, type LinkTable, linksOf } from "../links/table.ts";
import type { Settings } from "../settings/settings.ts";

const lookTimeoutMs = 20;

/** Nothing more can be opened now: that is no news of any socket. */
const exhausted = new Set(["EMFILE", "ENFILE", "ENOMEM", "ENOBUFS"]);

function seenIn(path: string, code: string): Seen {
  if (exhausted.has(code)) throw new Error(`${path} cannot be looked at (${code})`);
  if (code === "EACCES" || code === "EPERM") return { forbidden: code };
  // Its queue is full, so somebody has it.
  if (code === "EAGAIN") return "listens";
  return code === "ECONNREFUSED" ? "stale" : "other";
}

/** Connecting is the only way to tell a living socket from a left-over file; nothing is written to it. */
export function discoveryPort(converse: Converse, files: Pick<Files, "readText">): DiscoveryPort {
  return {
    look: async (path) => {
      const said = await converse(
        { to: path, request: new Uint8Array(), timeoutMs: lookTimeoutMs },
        () => true,
      );
      if (said.kind === "refused") return seenIn(path, said.code);
      const accepted = said.kind !== "absent" && !(said.kind === "silent" && said.connected === false);
      return accepted ? "listens" : "other";
    },
    readText: (path) => files.readText(path).catch(() => undefined),
  };
}

export async function findLinks(
  port: DiscoveryPort,
  host: DiscoveryHost,
  settings: Pick<Settings, "sockets">,
  sockDir: string,
): Promise<LinkTable> {
  const docker = await discoverDocker(port, host, settings.sockets.docker);
  const sshAgent = await discoverSshAgent(port, host, settings.sockets.sshAgent);
  return linksOf({ settings, sockDir, platform: host.platform, guestUid, docker, sshAgent });
}
