import { posix } from "node:path";
import type { Converse } from "../adapters/converse.ts";
import type { Files } from "../adapters/files.ts";
import type { Processes } from "../adapters/process.ts";

export interface DeadSocketPorts {
  readonly files: Pick<Files, "list" | "info">;
  readonly converse: Converse;
  readonly processes: Pick<Processes, "run">;
  readonly platform: "darwin" | "linux";
}

/** Paths of sockets in the folder behind which nobody listens: an ssh that ends removes none of its own. */
export async function deadSockets(ports: DeadSocketPorts, folder: string): Promise<readonly string[]> {
  const { files, converse, platform } = ports;
  const isRefused = async (path: string): Promise<boolean> => {
    if ((await files.info(path))?.kind !== "socket") return false;
    const said = await converse({ to: path, request: new Uint8Array(), timeoutMs: 100 }, () => true);
    // A full queue (on Linux), or no descriptor left here, is told as another refusal.
    return said.kind === "refused" && said.code === "ECONNREFUSED";
  };
  const paths = ((await files.list(folder)) ?? []).map((name) => `${folder}/${name}`);
  // All at once: one that is served costs the whole time, and a hundred may be.
  const refused = await Promise.all(paths.map(isRefused));
  const suspects = paths.filter((_, index) => refused[index]);
  if (platform === "linux" || suspects.length === 0) return suspects;
  const held = await heldSockets(ports.processes);
  return held === undefined ? [] : suspects.filter((path) => !held.has(lastTwo(path)));
}

/** Of a socket that refuses on a Mac: whether a process is known to hold it all the same. */
export const isHeld = async (processes: Pick<Processes, "run">, path: string): Promise<boolean> =>
  (await heldSockets(processes))?.has(lastTwo(path)) ?? false;

/**
 * The sockets that processes of this user hold, for a Mac: it refuses for a full queue with the same ECONNREFUSED as for a
 * left-over file. undefined: lsof does not tell, so nothing is known to be dead. The folders above the last may be spelled
 * in two ways (/tmp is /private/tmp), and a name too many only keeps a file.
 */
async function heldSockets(processes: Pick<Processes, "run">): Promise<ReadonlySet<string> | undefined> {
  const { stdout } = await processes.run("/usr/sbin/lsof", ["-w", "-U", "-F", "n"], {
    timeoutMs: 5_000,
    maxBytes: 4 * 1024 ** 2,
  });
  const paths = [...stdout.matchAll(/^n(\/.*)$/gm)].map(([, path = ""]) => lastTwo(path));
  // Every login has some.
  return paths.length === 0 ? undefined : new Set(paths);
}

const lastTwo = (path: string): string => `${posix.basename(posix.dirname(path))}/${posix.basename(path)}`;
