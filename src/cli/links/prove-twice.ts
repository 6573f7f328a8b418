import type { Evidence } from "./judge.ts";
import type { Link } from "./link.ts";
import type { ProbeResult } from "./probes/probe.ts";

export interface ProofPort {
  /** One request in the link's protocol at a socket of the host. */
  prove(protocol: Link["protocol"], path: string): Promise<ProbeResult>;
  /** Whether an ssh server greets at the VM's port. */
  guestGreets(): Promise<boolean>;
  /** Whether the ssh brings anything from the VM within some seconds: another link's proof, or an echo. */
  carries(): Promise<boolean>;
}

/**
 * Silence while the VM greets can be a probe that ran out just as the VM woke up, a server that hangs, or a queue of
 * other programs' calls. Only when a second one, begun after the greeting, is silent too, nothing else came through
 * meanwhile and the VM still greets, the connection is dead; ending it costs what it carries.
 */
export async function proveTwice(
  port: ProofPort,
  link: Pick<Link, "protocol" | "probeEnd">,
): Promise<Pick<Evidence, "probe" | "greets" | "carries">> {
  const probe = await port.prove(link.protocol, link.probeEnd);
  if (probe.kind !== "silent") return { probe, greets: undefined, carries: undefined };
  if (!(await port.guestGreets())) return { probe, greets: false, carries: undefined };
  const anything = port.carries();
  const second = await port.prove(link.protocol, link.probeEnd);
  if (second.kind !== "silent") return { probe: second, greets: true, carries: undefined };
  const carries = await anything;
  return { probe: second, greets: carries || (await port.guestGreets()), carries };
}
