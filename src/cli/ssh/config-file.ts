/**
 * Reads the `ssh.config` that Lima writes beside its instance: one Host block, one option a line, paths in
 * double quotes (lima pkg/sshutil/format.go, v2.2.0). Any other file is read the way ssh reads its simple lines:
 * the first value of a key counts, `key=value` is the same as `key value`, names ignore case.
 */
export interface SshHostBlock {
  readonly host: string;
  /** First value by lower-case key. */
  readonly options: Readonly<Record<string, string>>;
}

const line = /^\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.*?)\s*$/;

const unquoted = (value: string): string =>
  value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;

/** The first Host block; undefined when the text has none, as in a file that is just being written. */
export function parseSshConfig(text: string): SshHostBlock | undefined {
  let host: string | undefined;
  const options: Record<string, string> = {};
  for (const raw of text.split("\n")) {
    const found = line.exec(raw);
    if (!found) continue;
    const key = (found[1] ?? "").toLowerCase();
    const value = unquoted(found[2] ?? "");
    if (key === "host") {
      if (host !== undefined) break;
      host = value;
    } else if (host !== undefined) {
      options[key] ??= value;
    }
  }
  return host === undefined ? undefined : { host, options };
}
