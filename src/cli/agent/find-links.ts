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

/** Whether a process holds the socket; asked on a Mac, where a full queue refuses as a left-over file does. */
type IsHeld = (path: string) => Promise<boolean>;

/**
 * Connecting is the only way to tell a living socket from a left-over file; nothing is written to it. One that listened
 * at the last look and refuses now is gone only when nobody holds it: a busy Docker is not exchanged for another.
 */
export function discoveryPort(
  converse: Converse,
  files: Pick<Files, "readText">,
  isHeld: IsHeld = async () => false,
): DiscoveryPort {
  const listening = new Set<string>();
  const remember = async (path: string, seen: Seen): Promise<Seen> => {
    const now = seen === "stale" && listening.has(path) && (await isHeld(path)) ? "listens" : seen;
    if (now === "listens") listening.add(path);
    else listening.delete(path);
    return now;
  };
  return {
    look: async (path) => {
      const said = await converse(
        { to: path, request: new Uint8Array(), timeoutMs: lookTimeoutMs },
        () => true,
      );
      if (said.kind === "refused") return remember(path, seenIn(path, said.code));
      const accepted = said.kind !== "absent" && !(said.kind === "silent" && said.connected === false);
      return remember(path, accepted ? "listens" : "other");
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
