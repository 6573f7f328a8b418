/**
 * The command of a hint, and our words about it, which stand behind it in brackets: to be shown on lines of their own,
 * because a shell takes them for a mistake when the line is pasted.
 */
export function hintParts(run: string): readonly [command: string, words?: string] {
  const at = run.indexOf("    (");
  return at < 0 ? [run] : [run.slice(0, at), run.slice(at + 4)];
}
