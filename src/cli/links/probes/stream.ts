import type { Converse } from "../../adapters/converse.ts";
import type { ProbeResult } from "./probe.ts";

/** A forward whose target is absent closes within milliseconds; 3 to 44 ms were measured. */
const settleMs = 250;

/**
 * For an extra socket whose protocol is not known: nothing may be written to it. It counts as up when a
 * connection is accepted and still open after a moment, or when the peer speaks first.
 */
export async function probeStream(converse: Converse, path: string): Promise<ProbeResult<undefined>> {
  const request = new Uint8Array();
  const outcome = await converse({ to: path, request, timeoutMs: settleMs }, () => true);
  if (outcome.kind === "answer") return { kind: "up", rttMs: outcome.rttMs, facts: undefined };
  return outcome.kind === "silent" && outcome.connected !== false
    ? { kind: "up", rttMs: settleMs, facts: undefined }
    : outcome;
}
