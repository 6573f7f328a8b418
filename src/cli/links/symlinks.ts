import type { SocketFiles } from "../adapters/socket-files.ts";
import type { Link } from "./link.ts";

/** A link without a target gets a symlink that leads nowhere: its forward is there before the target is. */
const noTarget = "/nonexistent/ascalon";

export async function turnTarget(port: Pick<SocketFiles, "turnLink">, link: Link): Promise<void> {
  if (link.direction === "host-to-guest") await port.turnLink(link.hostEnd, link.target ?? noTarget);
}

/** Symlinks are turned by one at a time: by a new table, or for an ssh that is about to start. */
export function createTurning(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}

/** What is about to start was asked for a moment ago; a target that changed since is not turned back. */
export function withNewestTarget(link: Link, links: readonly Link[]): Link {
  const newest = links.find(({ name, hostEnd }) => name === link.name && hostEnd === link.hostEnd);
  return newest ? { ...link, target: newest.target } : link;
}
