import type { Generation } from "./generation.ts";
import type { Link } from "./link.ts";
import { listensAt } from "./obstacles.ts";
import type { Hold } from "./ssh-forward.ts";
import type { SupervisorPort } from "./supervisor-port.ts";

const lookMs = 100;

type Identities = ReadonlyMap<string, string | undefined>;

/** What lies at the paths at which an ssh is to listen, before it is started. */
async function whatListens(
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
async function untilListening(
  port: Pick<SupervisorPort, "identity" | "clock">,
  generation: Generation,
  { links, isDenied }: ListeningOptions,
  before: Identities,
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

/** To be called before the ssh is started: how it is known that it began, besides by its own word. */
export async function watchListening(
  port: Pick<SupervisorPort, "identity" | "clock">,
  options: ListeningOptions,
): Promise<(generation: Generation) => Promise<"ready" | "ended">[]> {
  if (options.hold !== "none") return () => [];
  const before = await whatListens(port, options.links);
  return (generation) => [untilListening(port, generation, options, before)];
}

interface ListeningOptions {
  readonly hold: Hold;
  readonly links: readonly Link[];
  readonly isDenied: (name: string) => boolean;
}
