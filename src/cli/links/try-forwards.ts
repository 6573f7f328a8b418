import type { Link } from "./link.ts";
import { listensAt } from "./obstacles.ts";
import { guestCommandMs } from "./prepare-links.ts";
import { type Endpoint, madeFolder, makeRoomArgs, trialArgs } from "./ssh-forward.ts";
import { type Complaint, isComplaint, readSshLine, reasonText } from "./ssh-reasons.ts";
import type { SupervisorPort } from "./supervisor-port.ts";

/** Whose forward a complaint is about: the link's name, and the complaint as a clause. */
export function deniedBy(
  links: readonly Link[],
  complaints: readonly Complaint[],
): ReadonlyMap<string, string> {
  const denied = new Map<string, string>();
  for (const complaint of complaints) {
    const { path } = complaint;
    const link = links.find((one) =>
      complaint.kind === "guest-listen"
        ? one.direction === "host-to-guest" && one.guestEnd === path
        : listensAt(one) === path,
    );
    if (link) denied.set(link.name, reasonText(complaint));
  }
  return denied;
}

/**
 * What keeps sshd from listening: sockets that forwards leave where it has no StreamLocalBindUnlink, or that its folder is
 * missing. Returns whether it was the folder, which leaves no socket to remove at the next time.
 */
export async function makeRoom(
  port: Pick<SupervisorPort, "runSsh">,
  to: Endpoint,
  links: readonly Link[],
): Promise<boolean> {
  const paths = links
    .filter(({ direction }) => direction === "host-to-guest")
    .map(({ guestEnd }) => guestEnd);
  if (paths.length === 0) return false;
  const { stdout } = await port.runSsh(makeRoomArgs(to, paths), guestCommandMs);
  return stdout.includes(madeFolder);
}

export interface Trial {
  readonly to: Endpoint;
  readonly links: readonly Link[];
  readonly makesRoom: boolean;
}

/**
 * Asks ssh and sshd for these forwards alone, in a login that ends at once: only they know what they can make.
 * Returns which of them they still cannot, and why; undefined when the VM could not be asked.
 */
export async function tryForwards(
  port: Pick<SupervisorPort, "runSsh">,
  { to, links, makesRoom }: Trial,
): Promise<ReadonlyMap<string, string> | undefined> {
  if (links.length === 0) return undefined;
  if (makesRoom) await makeRoom(port, to, links);
  const { exitCode, stderr } = await port.runSsh(trialArgs(to, links), guestCommandMs);
  const complaints = stderr.split(/\r?\n/).map(readSshLine).filter(isComplaint);
  const denied = deniedBy(links, complaints);
  const failed = exitCode === undefined || exitCode === 255;
  return failed && denied.size === 0 ? undefined : denied;
}
