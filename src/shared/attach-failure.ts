import type { Explanation } from "./attach-gate.ts";

/**
 * WezTerm's own words for a failed attach, put right. It says "install the same version" for every connection
 * that closes early, a dead server behind a living ssh included (wezterm#1568, #5200, #6452, #7264).
 */
export function explainAttachFailure(raw: string): Explanation {
  const text = withoutTraceback(raw);
  const codecs = numbersAfter(text, "(codec version ");
  if (codecs.length >= 2) {
    const headline = "WezTerm here and in the VM speak different versions.";
    const line = `Codec ${codecs[1]} here and ${codecs[0]} in the VM; WezTerm attaches only to its own codec.`;
    return { act: "explain", headline, lines: [line], offers: ["rebuild", "doctor"] };
  }
  return { act: "explain", headline: headlineOf(text), lines: [firstLine(text)], offers: ["doctor", "heal"] };
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

const has = (text: string, part: string): boolean => text.indexOf(part) >= 0;

function withoutTraceback(text: string): string {
  const at = text.indexOf("\nstack traceback:");
  return at >= 0 ? text.substring(0, at) : text;
}

function firstLine(text: string): string {
  const at = text.indexOf("\n");
  return (at >= 0 ? text.substring(0, at) : text).substring(0, 200);
}

/** Every run of digits that directly follows the marker, as text, in order. */
function numbersAfter(text: string, marker: string): string[] {
  const found: string[] = [];
  let rest = text;
  for (let at = rest.indexOf(marker); at >= 0; at = rest.indexOf(marker)) {
    rest = rest.substring(at + marker.length);
    let length = 0;
    while (length < 9 && length < rest.length && isDigit(rest.charCodeAt(length))) length++;
    if (length > 0) found.push(rest.substring(0, length));
  }
  return found;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
