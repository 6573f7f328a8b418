import { type Conversation, converse } from "../adapters/converse.ts";
import { createFrameDecoder } from "./frame.ts";
import {
  type CodecVersion,
  codecSerial,
  idents,
  pingSerial,
  probeRequest,
  readCodecVersion,
  readErrorResponse,
} from "./messages.ts";

export type MuxProbe =
  | ({ readonly kind: "up"; readonly rttMs: number } & CodecVersion)
  | { readonly kind: "malformed"; readonly why: string }
  | Exclude<Conversation<never>, { readonly kind: "answer" }>;

type Answer = CodecVersion | { readonly why: string };

export const muxProbeTimeoutMs = 2_000;

/** Collects the two replies; pushes and strangers' serials are dropped unread. */
function replyReader(): (chunk: Uint8Array) => Answer | undefined {
  const decoder = createFrameDecoder((serial) => serial === pingSerial || serial === codecSerial);
  let ponged = false;
  let version: CodecVersion | undefined;
  return (chunk) => {
    const decoded = decoder.push(chunk);
    for (const frame of decoded.frames) {
      if (frame.ident === idents.errorResponse)
        return { why: readErrorResponse(frame) ?? "unreadable error" };
      if (frame.serial === pingSerial && frame.ident === idents.pong) ponged = true;
      else if (frame.serial === codecSerial && frame.ident === idents.getCodecVersionResponse) {
        version = readCodecVersion(frame);
        if (!version) return { why: "unreadable version reply" };
      } else return { why: `message ${frame.ident} answers serial ${frame.serial}` };
    }
    if (decoded.kind === "malformed") return { why: decoded.why };
    return ponged ? version : undefined;
  };
}

/**
 * Asks whatever listens at `path` whether it is a WezTerm mux server and which codec it speaks. One connection,
 * one write of known frames, at most `timeoutMs`.
 */
export async function probeMux(path: string, timeoutMs: number = muxProbeTimeoutMs): Promise<MuxProbe> {
  const outcome = await converse({ to: path, request: probeRequest, timeoutMs }, replyReader());
  if (outcome.kind !== "answer") return outcome;
  if ("why" in outcome.value) return { kind: "malformed", why: outcome.value.why };
  return { kind: "up", rttMs: outcome.rttMs, ...outcome.value };
}
