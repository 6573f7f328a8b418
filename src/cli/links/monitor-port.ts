import type { Clock } from "../adapters/clock.ts";
import type { Link } from "./link.ts";
import type { ProbeResult } from "./probes/probe.ts";

export interface MonitorPort {
  /** One request in the link's protocol at a socket of the host. */
  prove(protocol: Link["protocol"], path: string): Promise<ProbeResult>;
  /** Something that changes when another socket takes the path's place; undefined when nothing is there. */
  identity(path: string): Promise<string | undefined>;
  /** Whether an ssh server greets at the VM's port. */
  guestGreets(): Promise<boolean>;
  /** Whether the ssh brings anything from the VM within some seconds: another link's proof, or an echo. */
  carries(): Promise<boolean>;
  readonly clock: Clock;
}

export interface MonitorHandlers {
  /** Another state, or another reason for it. */
  readonly onChange: () => void;
  readonly onAction: (action: "renew" | "replace", name: string) => void;
  /** A proof succeeded: the ssh carries bytes. `byMade`: through the socket that the ssh that carries the link made. */
  readonly onProved: (byMade: boolean) => void;
}
