import type { Context } from "../context.ts";

export interface SocketOwner {
  readonly pid: number;
  readonly program: string;
}

/** `ss -xlp` of iproute2: … users:(("ssh",pid=12,fd=4),("x",pid=13,fd=5)). */
export function ownersInSs(stdout: string): readonly SocketOwner[] {
  return [...stdout.matchAll(/\("([^"]+)",pid=(\d+),/g)].map(([, program = "", pid]) => ({
    pid: Number(pid),
    program,
  }));
}

/** `lsof -F pc`: a line `p12`, then `cssh`; more lines for the descriptors. */
export function ownersInLsof(stdout: string): readonly SocketOwner[] {
  return [...stdout.matchAll(/^p(\d+)\nc(.*)$/gm)].map(([, pid, program = ""]) => ({
    pid: Number(pid),
    program,
  }));
}

/** Who listens at a socket of this host and is not ssh; undefined also where nobody can tell. */
export async function strangerAt(
  { host, processes }: Pick<Context, "host" | "processes">,
  path: string,
): Promise<SocketOwner | undefined> {
  const limits = { timeoutMs: 3_000, maxBytes: 64 * 1024 };
  const owners =
    host.platform === "darwin"
      ? ownersInLsof((await processes.run("lsof", ["-F", "pc", "--", path], limits)).stdout)
      : ownersInSs((await processes.run("ss", ["-xlpH", "src", path], limits)).stdout);
  return owners.find(({ program }) => program !== "ssh");
}
