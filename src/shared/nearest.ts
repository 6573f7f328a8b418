/** The candidate that differs by one slip: equal from both ends but for at most two letters; else undefined. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  for (const candidate of candidates) {
    const longer = Math.max(name.length, candidate.length);
    if (longer - sameEnds(name, candidate) <= 2 && longer > 3) return candidate;
  }
  return undefined;
}

/** Letters that two words share at their beginnings plus those at their ends, none counted twice. */
function sameEnds(left: string, right: string): number {
  const most = Math.min(left.length, right.length);
  let start = 0;
  while (start < most && left.charCodeAt(start) === right.charCodeAt(start)) start++;
  let end = 0;
  while (
    start + end < most &&
    left.charCodeAt(left.length - 1 - end) === right.charCodeAt(right.length - 1 - end)
  ) {
    end++;
  }
  return start + end;
}
