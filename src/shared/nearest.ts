/** The candidate with the fewest edits, when they are at most a third of the longer name; else undefined. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let fewest = 1000;
  for (const candidate of candidates) {
    const edits = editDistance(name, candidate);
    if (edits < fewest && edits * 3 <= Math.max(name.length, candidate.length)) {
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}

/** Levenshtein over bytes: names of options are ASCII. */
function editDistance(left: string, right: string): number {
  let row: number[] = [];
  for (let column = 0; column <= right.length; column++) row[column] = column;
  for (let i = 1; i <= left.length; i++) {
    const next: number[] = [i];
    for (let j = 1; j <= right.length; j++) {
      const swap = left.charCodeAt(i - 1) === right.charCodeAt(j - 1) ? 0 : 1;
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + swap);
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
