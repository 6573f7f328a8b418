import { stateFiles } from "../../shared/plugin-contract.ts";
import { type LinkStatus, linkNamed } from "../../shared/status.ts";
import { readAgentStatus } from "../agent/status-file.ts";
import { judge } from "../links/judge.ts";
import type { Link } from "../links/link.ts";
import type { ProbeResult } from "../links/probes/probe.ts";
import { prove } from "../links/probes/prove.ts";
import { countAgentKeys } from "../links/probes/ssh-agent.ts";
import { type Check, type DoctorPort, type Finding, notRunning, running } from "./check.ts";
import { isOnDemand, onDemandCommand } from "./on-demand.ts";
import { strangerAt } from "./socket-owner.ts";

function seen(probe: ProbeResult): string {
  if (probe.kind !== "up") return probe.kind;
  // Of an ssh agent only the number of its keys is known.
  const facts = Object.entries((probe.facts as Record<string, unknown> | undefined) ?? {}).filter(
    ([, value]) => value,
  );
  const text = facts.map(([name, value]) => `${name} ${String(value)}`).join(", ");
  return `answered in ${probe.rttMs.toFixed(1)} ms${text === "" ? "" : `: ${text}`}`;
}

/** Only here are an agent's keys counted: a person asks, so a window of the agent is no surprise. */
async function withKeys(port: DoctorPort, link: Link, probe: ProbeResult): Promise<ProbeResult> {
  if (link.protocol !== "ssh-agent") return probe;
  const counted = await countAgentKeys(port.converse, link.probeEnd);
  return counted.kind === "up" ? counted : probe;
}

/** What whoever makes the link says of it; undefined when nobody does. */
async function toldByAgent({ context, paths }: DoctorPort, name: string): Promise<LinkStatus | undefined> {
  const read = await readAgentStatus(context, `${paths.stateDir}/${stateFiles.status}`);
  return read.state === "fresh" ? linkNamed(read.status, name) : undefined;
}

/** Longer than the agent waits between two proofs of a link. */
const secondLookMs = 2_500;

/** The agent may have proved the link a moment before it broke: then it is about to see that, and to mend it. */
async function proveTwice(port: DoctorPort, link: Link): Promise<ProbeResult> {
  const first = await prove(port.converse, link.protocol, link.probeEnd);
  if (first.kind === "up" || (await toldByAgent(port, link.name))?.state !== "up") return first;
  await port.context.clock.sleep(secondLookMs);
  return prove(port.converse, link.protocol, link.probeEnd);
}

const onDemandEvidence = `made on demand, as agent.enabled is false: ${onDemandCommand}`;

async function lookAt(port: DoctorPort, link: Link, onDemand: boolean): Promise<Finding> {
  const id = `link-${link.name}`;
  const stranger =
    link.direction === "guest-to-host" ? await strangerAt(port.context, link.hostEnd) : undefined;
  if (stranger) {
    const { program, pid } = stranger;
    const evidence = `${program} on this machine (pid ${pid}) took over ${link.hostEnd}`;
    return { id, verdict: "problem", evidence, fix: `kill ${pid}${onDemand ? "" : "; ascalon heal"}` };
  }
  const probe = await proveTwice(port, link);
  // The agent's login may know of a target that this terminal does not, such as another SSH_AUTH_SOCK.
  if (link.direction === "host-to-guest" && link.target === undefined && probe.kind !== "up") {
    return { id, verdict: "warning", evidence: link.chosen };
  }
  // Without a guest there is nothing to carry a link to, and no agent could.
  if (probe.kind !== "up" && !running(port)) return { id, ...notRunning };
  // An ssh that still carries a window may well prove it.
  if (probe.kind !== "up" && onDemand) return { id, verdict: "skipped", evidence: onDemandEvidence };
  if (probe.kind === "absent") {
    const evidence = `${link.probeEnd} does not exist: no ssh carries the link`;
    // Whoever holds the links by hand makes them anew; only a missing agent has to be installed.
    return {
      id,
      verdict: "problem",
      evidence,
      fix: port.agentEnabled ? "ascalon agent install" : "ascalon heal",
    };
  }
  const failed = probe.kind === "closed" || probe.kind === "silent";
  const direct = failed && link.target ? await prove(port.converse, link.protocol, link.target) : undefined;
  const verdict = judge({ link, probe, direct, ours: true, greets: undefined, carries: undefined });
  if (verdict.kind === "proved") {
    const chosen = link.direction === "host-to-guest" && link.target === undefined ? "" : `${link.chosen}, `;
    return { id, verdict: "ok", evidence: `${chosen}${seen(await withKeys(port, link, probe))}` };
  }
  // What is between the link and silence, only the agent has looked at for long enough.
  const agentKnows = verdict.action === "renew" || probe.kind === "silent";
  const told = agentKnows ? await toldByAgent(port, link.name) : undefined;
  // Only there it is known that ssh or the VM refused.
  const evidence = told?.state === "broken" && told.reason ? told.reason : verdict.reason;
  // Nothing of ascalon is wrong when the target is not there: Docker may be stopped on purpose.
  if (verdict.kind === "target-absent") return { id, verdict: "warning", evidence };
  return { id, verdict: "problem", evidence, fix: "ascalon heal" };
}

export const links: Check = {
  id: "links",
  proves: "Each link carries a real request.",
  run: async (port) => {
    if (port.links instanceof Error) throw port.links;
    const onDemand = await isOnDemand(port);
    const findings = await Promise.all(port.links.links.map((link) => lookAt(port, link, onDemand)));
    const refused = port.links.refused.map(
      ({ name, why }): Finding => ({
        id: `link-${name}`,
        verdict: "problem",
        evidence: why,
        fix: "ascalon config edit",
      }),
    );
    return [...findings, ...refused];
  },
};
