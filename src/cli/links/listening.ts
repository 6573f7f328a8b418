import type { Generation } from "./generation.ts";
import type { Link } from "./link.ts";
import { listensAt } from "./obstacles.ts";
import type { SupervisorPort } from "./supervisor-port.ts";

const lookMs = 100;

/**
 * `-N` says nothing by itself: it carries the links when sockets of its own lie where others lay before, but for those
 * that it said it cannot make. Looks at what lies there before such an ssh is started; what it returns waits for one.
 */
export async function watchListening(
  port: Pick<SupervisorPort, "identity" | "clock">,
  links: readonly Link[],
  isDenied: (name: string) => boolean,
): Promise<(generation: Generation) => Promise<"ready" | "ended">> {
  const before = new Map<string, string | undefined>();
  for (const link of links) before.set(link.name, await port.identity(listensAt(link)));
  const isNew = async (link: Link): Promise<boolean> => {
    const now = await port.identity(listensAt(link));
    return now !== undefined && now !== before.get(link.name);
  };
  return async (generation) => {
    while (!generation.hasEnded()) {
      const fresh = await Promise.all(links.map(async (link) => isDenied(link.name) || (await isNew(link))));
      if (fresh.every(Boolean)) return "ready";
      await port.clock.sleep(lookMs);
    }
    return "ended";
  };
}
