import type { LinkStatus } from "../../shared/status.ts";
import type { Converse } from "../adapters/converse.ts";
import { judge } from "../links/judge.ts";
import type { Link } from "../links/link.ts";
import { prove } from "../links/probes/prove.ts";
import { guestUid, linksOf } from "../links/table.ts";
import { pathsOf } from "../paths.ts";
import { linksTold } from "./links-up.ts";
import type { SystemWork } from "./system-work.ts";

/**
 * Sentences for the links that were up before the system changed and carry nothing any more, as far as the guest is to
 * blame. They are asked here and now: what the agent last told may be of before. `without`: those that the new system was
 * built without.
 */
export async function linksLost(
  work: SystemWork,
  without: readonly string[] = [],
): Promise<readonly string[]> {
  const { context, found } = work;
  if (!found.linksUp || found.linksUp.length === 0) return [];
  const told = await linksTold(context);
  // Who held the links is gone, so nobody could bring them back.
  if (!told) return [];
  const { converse } = await context.linkTools();
  const lost = await Promise.all(
    expectedLinks(work, told)
      .filter(({ name }) => !without.includes(name))
      .map((link) => whyLost(converse, link)),
  );
  return lost.flatMap((sentence) => (sentence === undefined ? [] : [sentence]));
}

/** Those that were up, and that the settings still want. */
function expectedLinks({ context, settings, wish, found }: SystemWork, told: readonly LinkStatus[]): Link[] {
  const chosen = (name: string) => ({ path: told.find((link) => link.name === name)?.target, why: "" });
  const { links } = linksOf({
    settings,
    sockDir: pathsOf(context).sockDir,
    platform: context.host.platform,
    guestUid,
    docker: chosen("docker"),
    sshAgent: chosen("ssh-agent"),
  });
  return links.filter(
    ({ name, protocol, direction }) =>
      found.linksUp?.includes(name) &&
      // What a person had started in the guest, no restart brings back.
      !(wish.boot && protocol === "stream" && direction === "guest-to-host"),
  );
}

/** undefined: it carries a request, or it is the host's side that does not answer. */
export async function whyLost(converse: Converse, link: Link): Promise<string | undefined> {
  const probe = await prove(converse, link.protocol, link.probeEnd);
  if (probe.kind === "up") return undefined;
  const ofHost = link.direction === "host-to-guest";
  const direct = ofHost && link.target ? await prove(converse, link.protocol, link.target) : undefined;
  if (ofHost && direct?.kind !== "up") return undefined;
  // A new ssh connection was made a moment ago.
  const { reason } = judge({ link, probe, direct, ours: true, greets: true, carries: undefined });
  return `the link ${link.name} was up and no longer is: ${reason}`;
}
