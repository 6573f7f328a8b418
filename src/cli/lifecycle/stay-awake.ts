import type { Context } from "../context.ts";

/**
 * A Mac that nobody touches goes to sleep in the middle of a build, and the VM with it. Until the work ends it does not,
 * unless its lid is closed. caffeinate ends with us too, however we end; Ctrl-C in the terminal is not its own.
 */
export async function stayAwake<T>({ host, processes }: Context, work: () => Promise<T>): Promise<T> {
  if (host.platform !== "darwin") return await work();
  const over = new AbortController();
  const args = ["-i", "-w", String(process.pid)];
  // A Mac without it sleeps when it wants to.
  void processes
    .run("/usr/bin/caffeinate", args, { detached: true, signal: over.signal })
    .catch(() => undefined);
  try {
    return await work();
  } finally {
    over.abort();
  }
}
