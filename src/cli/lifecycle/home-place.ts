import type { Context } from "../context.ts";
import type { MachineFacts } from "../machine/facts.ts";

/** Where the guest keeps /home: on the disk that outlives it, or on the one that a delete takes along. */
export type HomePlace = "home-disk" | "system-disk" | "unknown";

/** A guest that hangs must not hold up its own end; one that is busy is slow to say what will be lost. */
const askMs = 20_000;

/**
 * What the record of the VM says: a system that was built from a flake has /home on its disk. In an image's own system a
 * script of Lima's puts it there, and whether it could is the guest's to say.
 */
export function supposedHomePlace({ exists, applied }: Pick<MachineFacts, "exists" | "applied">): HomePlace {
  return exists === "ours" && applied && applied.system.flake !== null ? "home-disk" : "unknown";
}

/** What a running guest says, else what the record says: a guest that went back to its image's system is another one. */
export async function findHomePlace(context: Context, facts: MachineFacts): Promise<HomePlace> {
  return (await askedHomePlace(context, facts).catch(() => undefined)) ?? supposedHomePlace(facts);
}

async function askedHomePlace(context: Context, facts: MachineFacts): Promise<HomePlace | undefined> {
  if (facts.process !== "running" || facts.ssh.state !== "up") return undefined;
  const guest = await context.openGuest(context);
  const said = await guest.run(["stat", "-c", "%d", "/", "/home"], { timeoutMs: askMs });
  const [root, home] = said.kind === "ended" && said.code === 0 ? said.stdout.trim().split(/\s+/) : [];
  if (root === undefined || home === undefined) return undefined;
  return root === home ? "system-disk" : "home-disk";
}
