import type { Generation } from "./generation.ts";
import type { Link } from "./link.ts";
import { listensAt } from "./obstacles.ts";
import type { SupervisorPort } from "./supervisor-port.ts";

const lookMs = 100;

type Identities = ReadonlyMap<string, string | undefined>;

/** What lies at the paths at which an ssh is to listen, before it is started. */
export async function whatListens(
  port: Pick<SupervisorPort, "identity">,
  links: readonly Link[],
): Promise<Identities> {
  const found = new Map<string, string | undefined>();
  for (const link of links) found.set(link.name, await port.identity(listensAt(link)));
  return found;
}

/**
 * `-N` says nothing by itself: it carries the links when sockets of its own lie where others lay before, but for those
 * that it said it cannot make.
 */
export async function untilListening(
  port: Pick<SupervisorPort, "identity" | "clock">,
  generation: Generation,
  { links, before, isDenied }: ListeningOptions,
): Promise<"ready" | "ended"> {
  const isNew = async (link: Link): Promise<boolean> => {
    const now = await port.identity(listensAt(link));
    return now !== undefined && now !== before.get(link.name);
  };
  while (!generation.hasEnded()) {
    const fresh = await Promise.all(links.map(async (link) => isDenied(link.name) || (await isNew(link))));
    if (fresh.every(Boolean)) return "ready";
    await port.clock.sleep(lookMs);
  }
  return "ended";
}

interface ListeningOptions {
  readonly links: readonly Link[];
  readonly before: Identities;
  readonly isDenied: (name: string) => boolean;
}
