import type { RunResult } from "../adapters/process.ts";
import type { Link, RefusedLink } from "./link.ts";
import { guestSocketDir } from "./path-rules.ts";
import { type Endpoint, guestCommandArgs } from "./ssh-forward.ts";

/**
 * ssh and sshd remove whatever lies where they are to listen (StreamLocalBindUnlink), a person's file too. Only where
 * nothing lies, or a socket, a link may be made.
 */
export const obstacleAt = (path: string): string => `${path} is not a socket, and is left alone`;

/** The path on the host at which ssh listens for the link. */
export const listensAt = (link: Link): string =>
  link.direction === "guest-to-host" ? link.hostEnd : link.probeEnd;

/** Links for which sshd listens at a path that a person chose. What lies in ascalon's own folder is ascalon's. */
export const chosenInGuest = (links: readonly Link[]): readonly Link[] =>
  links.filter(
    ({ direction, protocol, guestEnd }) =>
      direction === "host-to-guest" && protocol === "stream" && !guestEnd.startsWith(`${guestSocketDir}/`),
  );

const inTheWay = "in-the-way";
const looked = "looked";

/** argv of the question. Guest paths have no character that a shell knows. */
export function obstacleArgs(to: Endpoint, links: readonly Link[]): string[] {
  const paths = links.map(({ guestEnd }) => guestEnd).join(" ");
  const test = '[ -L "$p" ] || { [ -e "$p" ] && ! [ -S "$p" ]; }';
  return guestCommandArgs(
    to,
    `sh -c 'for p in ${paths}; do if ${test}; then echo "${inTheWay} $p"; fi; done; echo ${looked}'`,
  );
}

/** undefined: the VM was not reached. A guest that cannot be asked might lose a file, so nothing is made then. */
export function readObstacles(
  links: readonly Link[],
  { exitCode, stdout, timedOut }: Pick<RunResult, "exitCode" | "stdout" | "timedOut">,
): readonly RefusedLink[] | undefined {
  if (exitCode === 255 || (exitCode === undefined && !timedOut)) return undefined;
  const lines = stdout.split(/\r?\n/);
  if (!lines.includes(looked)) {
    return links.map(({ name, guestEnd }) => ({
      name,
      why: `the VM does not report what is at ${guestEnd}; nothing is created there`,
      unknown: true,
    }));
  }
  return links
    .filter(({ guestEnd }) => lines.includes(`${inTheWay} ${guestEnd}`))
    .map(({ name, guestEnd }) => ({ name, why: obstacleAt(`${guestEnd} in the VM`) }));
}
