import type { Context } from "../context.ts";

/** `refused`: its socket file is left over; `hung`: the process accepts connections but does not answer. */
export type MasterState = "answers" | "absent" | "refused" | "hung";

/** A mux packet: u32 length 8, u32 MUX_MSG_HELLO (1), u32 protocol version; OpenSSH's PROTOCOL.mux, section 1. */
const helloBytes = 12;
const helloType = 1;

/**
 * A master says hello to whoever connects, before it is asked anything, so reading proves that the process is
 * there and runs, in about a millisecond; `ssh -O check` proves the same and costs a program start. It says
 * nothing about the connection behind it.
 */
export async function observeMaster(
  context: Pick<Context, "sockets">,
  controlPath: string,
  timeoutMs = 300,
): Promise<MasterState> {
  const reply = await context.sockets.exchange(controlPath, new Uint8Array(), {
    timeoutMs,
    maxBytes: helloBytes,
  });
  if (reply.kind === "absent" || reply.kind === "refused") return reply.kind;
  if (reply.kind !== "data" || reply.bytes.length < helloBytes) return "hung";
  return reply.bytes.readUInt32BE(4) === helloType ? "answers" : "hung";
}
