import { type Explanation, explain, versionsDiffer } from "./attach-gate.ts";
import { piecesOf, positionOf } from "./pieces.ts";

/**
 * WezTerm's own words for a failed attach, put right. It says "install the same version" for every connection
 * that closes early, a dead server behind a living ssh included (wezterm#1568, #5200, #6452, #7264).
 */
export function explainAttachFailure(raw: string): Explanation {
  const text = before(raw, "\nstack traceback:");
  // The server's codec comes first in WezTerm's text, its own second.
  const [, server, own] = piecesOf(text, "(codec version ");
  if (server !== undefined && own !== undefined) {
    const line = `Codec ${before(own, ")")} here and ${before(server, ")")} in the VM; WezTerm attaches only to its own codec.`;
    return explain(versionsDiffer, [line], ["rebuild", "doctor"]);
  }
  return explain(headlineOf(text), [before(text, "\n").slice(0, 200)], ["doctor", "heal"]);
}

function headlineOf(text: string): string {
  if (has(text, "failed to connect to Socket")) return "Nothing listens at the VM's socket.";
  if (has(text, "Timed out while parsing")) return "The VM accepts the connection and does not answer.";
  if (
    has(text, "EOF while reading") ||
    has(text, "os error 104") ||
    has(text, "Internal channel was closed")
  ) {
    return "The link is open and the VM's WezTerm server does not answer behind it.";
  }
  return "WezTerm could not attach to the VM.";
}

const has = (text: string, part: string): boolean => positionOf(text, part) >= 0;

const before = (text: string, part: string): string => piecesOf(text, part)[0] ?? "";
