import { type Explanation, explain, explainCodecs } from "./attach-gate.ts";
import { type CodecEnd, compareCodecs } from "./codec.ts";
import { piecesOf, positionOf } from "./pieces.ts";

/**
 * WezTerm's own words for a failed attach, put right. It says "install the same version" for every connection
 * that closes early, a dead server behind a living ssh included (wezterm#1568, #5200, #6452, #7264).
 */
export function explainAttachFailure(raw: string): Explanation {
  // On one line: a failed spawn is told as Rust prints its records, `Error {` on a line of its own.
  const text = piecesOf(raw, "\n").join(" ");
  // The server's version comes first in WezTerm's text, its own second.
  const pieces = piecesOf(text, " (codec version ");
  const codecs = compareCodecs(endBetween(pieces[1], pieces[2]), endBetween(pieces[0], pieces[1]));
  if (codecs.verdict === "different") return explainCodecs(codecs);
  return explain(headlineOf(text), [text], ["doctor", "heal"]);
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

/** Of `… 20240203-110809-5046fc22` and `42),…`: the version is the last word of the one, the codec begins the other. */
function endBetween(left: string | undefined, right: string | undefined): CodecEnd | undefined {
  if (left === undefined || right === undefined) return undefined;
  const words = piecesOf(left, " ");
  return { codec: Number(before(right, ")")), version: words[words.length - 1] ?? "" };
}

const has = (text: string, part: string): boolean => positionOf(text, part) >= 0;

const before = (text: string, part: string): string => piecesOf(text, part)[0] ?? "";
