/** Byte position of the part, or -1. A function, because each `indexOf` costs the plugin 35 bytes. */
export function positionOf(text: string, part: string): number {
  return text.indexOf(part);
}

/** The parts between the separators, empty ones too; at least one. `split` costs the plugin more than this. */
export function piecesOf(text: string, separator: string): string[] {
  const pieces: string[] = [];
  let rest = text;
  // A `for` costs the plugin a block more.
  let at = positionOf(rest, separator);
  while (at >= 0) {
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at + separator.length);
    at = positionOf(rest, separator);
  }
  pieces.push(rest);
  return pieces;
}
