import type { Converse } from "../../adapters/converse.ts";
import { type CodecVersion, probeRequest } from "../../mux/messages.ts";
import { createReplyReader } from "../../mux/reply.ts";
import { ask, type ProbeResult, type Question } from "./probe.ts";

const question: Question<CodecVersion> = {
  request: probeRequest,
  reader: () => {
    const read = createReplyReader();
    return (chunk) => {
      const reply = read(chunk);
      return reply?.kind === "version" ? { kind: "facts", facts: reply.version } : reply;
    };
  },
};

/**
 * Asks whatever listens at `path` whether it is a WezTerm mux server and which codec it speaks: the guest's
 * through the forward, or a GUI's `gui-sock-PID`. One connection, one write of known frames.
 */
export const probeMux = (
  converse: Converse,
  path: string,
  timeoutMs?: number,
): Promise<ProbeResult<CodecVersion>> => ask(converse, path, question, timeoutMs);
