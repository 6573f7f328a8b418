import type { Conversation, Converse } from "../../adapters/converse.ts";

/** What one proof brought. `facts` differ by protocol; everything a peer said in them is already harmless text. */
export type ProbeResult<Facts = unknown> =
  | { readonly kind: "up"; readonly rttMs: number; readonly facts: Facts }
  /** Something answers, and not in this protocol. */
  | { readonly kind: "malformed"; readonly why: string }
  | Exclude<Conversation<never>, { readonly kind: "answer" }>;

/** No probe takes longer. */
export const probeTimeoutMs = 2_000;

export type Answer<Facts> =
  | { readonly kind: "facts"; readonly facts: Facts }
  | { readonly kind: "malformed"; readonly why: string };

export interface Question<Facts> {
  readonly request: Uint8Array;
  /** A fresh reader for one connection. */
  reader(): (chunk: Uint8Array) => Answer<Facts> | undefined;
}

export async function ask<Facts>(
  converse: Converse,
  path: string,
  question: Question<Facts>,
  timeoutMs: number = probeTimeoutMs,
): Promise<ProbeResult<Facts>> {
  const outcome = await converse({ to: path, request: question.request, timeoutMs }, question.reader());
  if (outcome.kind !== "answer") return outcome;
  const answer = outcome.value;
  return answer.kind === "facts" ? { kind: "up", rttMs: outcome.rttMs, facts: answer.facts } : answer;
}

/** Collects up to `maxBytes` and lets `read` look at all of it after each piece. */
export function collecting<T>(
  maxBytes: number,
  read: (bytes: Buffer) => T | undefined,
  tooLong: T,
): (chunk: Uint8Array) => T | undefined {
  let bytes = Buffer.alloc(0);
  return (chunk) => {
    if (bytes.length + chunk.length > maxBytes) {
      return read(Buffer.concat([bytes, chunk.subarray(0, maxBytes - bytes.length)])) ?? tooLong;
    }
    bytes = Buffer.concat([bytes, chunk]);
    return read(bytes);
  };
}
