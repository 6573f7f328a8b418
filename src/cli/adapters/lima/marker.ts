/**
 * Whether a lima.yaml has the parameter that marks an instance as ours. Read by lines, because whoever asks for the
 * status must not wait for a YAML parser; so a person's editor may have changed the ends of lines and the indent.
 */
export function isMarked(limaYaml: string): boolean {
  const lines = limaYaml.split(/\r?\n/);
  const at = lines.findIndex((line) => /^param:\s*(?:#.*)?$/.test(line));
  if (at < 0) return /^param:\s*\{(?:[^}]*,)?\s*["']?ascalon["']?\s*:/m.test(limaYaml);
  let indent: number | undefined;
  for (const line of lines.slice(at + 1)) {
    if (/^\s*(?:#.*)?$/.test(line)) continue;
    const [, before = "", rest = ""] = /^( *)(.*)$/.exec(line) ?? [];
    if (before === "") return false;
    indent ??= before.length;
    if (before.length === indent && /^["']?ascalon["']?\s*:/.test(rest)) return true;
  }
  return false;
}
