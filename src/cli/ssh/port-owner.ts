import type { Files } from "../adapters/files.ts";

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

/**
 * Whether it is this user who listens at a port of this machine. Lima chooses a free one before QEMU takes it, and leaves
 * it in ssh.config when the VM ended: any user may listen there then, and what is let in by that one's ssh server would be
 * given the links. Where the system has no such table, nobody is suspected.
 */
export async function isOwnPort(files: Pick<Files, "readText">, port: number, uid: number): Promise<boolean> {
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => files.readText(path).catch(() => undefined)),
  );
  if (tables[0] === undefined) return true;
  const owners = ownersOfPort(tables.map((table) => table ?? "").join("\n"), port);
  return owners.length > 0 && owners.every((owner) => owner === uid);
}
