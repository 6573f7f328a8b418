import type { Link } from "./link.ts";
import { chosenInGuest, obstacleArgs, readObstacles } from "./obstacles.ts";
import type { Endpoint } from "./ssh-forward.ts";
import type { Prepared, SupervisorPort } from "./supervisor-port.ts";

/** A guest that boots under emulation takes up to 7 s for a login. */
export const guestCommandMs = 10_000;

/** What can be made of these links, on the host and at the paths that a person chose in the guest. */
export async function prepareLinks(
  port: Pick<SupervisorPort, "prepare" | "runSsh">,
  target: Endpoint,
  links: readonly Link[],
): Promise<Prepared> {
  const onHost = await port.prepare(links);
  const asked = chosenInGuest(links).filter(({ name }) => !onHost.refused.some((one) => one.name === name));
  if (onHost.problem !== undefined || asked.length === 0) return onHost;
  const inGuest = readObstacles(asked, await port.runSsh(obstacleArgs(target, asked), guestCommandMs));
  if (!inGuest) return { problem: "the VM's ssh does not answer", refused: [] };
  return { refused: [...onHost.refused, ...inGuest] };
}
