import type { Converse } from "../../adapters/converse.ts";
import type { Link } from "../link.ts";
import { probeBridge } from "./bridge.ts";
import { probeDocker } from "./docker.ts";
import { probeMux } from "./mux.ts";
import type { ProbeResult } from "./probe.ts";
import { probeSshAgent } from "./ssh-agent.ts";
import { probeStream } from "./stream.ts";

const probes = {
  mux: probeMux,
  docker: probeDocker,
  "ssh-agent": probeSshAgent,
  bridge: probeBridge,
  stream: (converse: Converse, path: string) => probeStream(converse, path),
} as const satisfies Record<
  Link["protocol"],
  (converse: Converse, path: string, timeoutMs?: number) => Promise<ProbeResult>
>;

/** One real request in the link's protocol to whatever listens at `path`. */
export const prove = (converse: Converse, protocol: Link["protocol"], path: string): Promise<ProbeResult> =>
  probes[protocol](converse, path);
