import type { Files } from "../adapters/files.ts";
import type { Processes } from "../adapters/process.ts";

/** State of a socket that listens, in /proc/net/tcp (proc_net_tcp.rst of Linux). */
const listening = "0A";

/** Local addresses at which 127.0.0.1 is answered, as the tables write them; the first that is there is the one that is reached. */
const addresses = [
  "0100007F",
  "00000000",
  "0000000000000000FFFF00000100007F",
  "00000000000000000000000000000000",
] as const;

/** The users whose sockets listen at the port of 127.0.0.1; none where nobody does. */
export function ownersOfPort(tables: string, port: number): readonly number[] {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const rows = tables.split("\n").map((line) => line.trim().split(/\s+/));
  for (const address of addresses) {
    const found = rows.filter(([, local, , state]) => state === listening && local === `${address}:${hex}`);
    if (found.length > 0) return found.map((row) => Number(row[7]));
  }
  return [];
}

/** `lsof -nP -F n`: `p12`, then `f5` and `n127.0.0.1:60022` for each of its sockets. The ports at which 127.0.0.1 is answered. */
const portsInLsof = (stdout: string): ReadonlySet<number> =>
  new Set([...stdout.matchAll(/^n(?:127\.0\.0\.1|\*):(\d+)$/gm)].map(([, port]) => Number(port)));

export interface OwnerPorts {
  readonly files: Pick<Files, "readText">;
  readonly processes: Pick<Processes, "run">;
  readonly platform: "darwin" | "linux";
}

/**
 * Whether it is this user who listens at a port of this machine. Lima chooses a free one before the VM takes it, and leaves
 * it in ssh.config when the VM ended: any user may listen there then, and what is let in by that one's ssh server would be
 * given the links. Where the system does not say, nobody is suspected.
 */
export async function isOwnPort(ports: OwnerPorts, port: number, uid: number): Promise<boolean> {
  if (ports.platform === "darwin") return await isOwnByLsof(ports, port, uid);
  const { files } = ports;
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => files.readText(path).catch(() => undefined)),
  );
  if (tables[0] === undefined) return true;
  const owners = ownersOfPort(tables.map((table) => table ?? "").join("\n"), port);
  return owners.length > 0 && owners.every((owner) => owner === uid);
}

/**
 * A Mac tells nobody but root whose another user's socket is, and everybody their own. Something listens there, and none of
 * our processes does: it is another user's. That lsof works is known by the others that it finds; without one, it is not.
 */
async function isOwnByLsof({ processes }: OwnerPorts, port: number, uid: number): Promise<boolean> {
  const args = ["-w", "-nP", "-a", "-u", String(uid), "-iTCP", "-sTCP:LISTEN", "-F", "n"];
  const said = await processes.run("/usr/sbin/lsof", args, { timeoutMs: 5_000, maxBytes: 1024 ** 2 });
  const own = portsInLsof(said.timedOut ? "" : said.stdout);
  return own.size === 0 || own.has(port);
}
