import type { Conversation, Converse, ConverseOptions } from "../adapters/converse.ts";
import type { Context } from "../context.ts";
import { replyBytesMost } from "../mux/reply.ts";

/** The dialogue of the probes, through the Context's sockets; unix sockets only. */
export function converseBy({ sockets, clock }: Pick<Context, "sockets" | "clock">): Converse {
  return async <T>(
    { to, request, timeoutMs }: ConverseOptions,
    read: (chunk: Uint8Array) => T | undefined,
  ): Promise<Conversation<T>> => {
    if (typeof to !== "string") return { kind: "refused", code: "EAFNOSUPPORT" };
    const startedAt = clock.monotonic();
    let value: T | undefined;
    let seen = 0;
    const until = (bytes: Buffer): boolean => {
      value ??= read(bytes.subarray(seen));
      seen = bytes.length;
      return value !== undefined;
    };
    const reply = await sockets.exchange(to, request, { timeoutMs, maxBytes: replyBytesMost, until });
    // A double may hand over the whole reply without asking in between.
    if (reply.kind === "data" && value === undefined && reply.bytes.length > seen) until(reply.bytes);
    if (value !== undefined) return { kind: "answer", value, rttMs: clock.monotonic() - startedAt };
    if (reply.kind !== "data") return reply;
    return reply.ended ? { kind: "closed" } : { kind: "silent" };
  };
}
