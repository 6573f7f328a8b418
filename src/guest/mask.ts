/** What op shows in a secret's place. */
const concealed = Buffer.from("<concealed by 1Password>");

/** Replaces secrets in a stream of bytes, also those that arrive in pieces. */
export interface Mask {
  push(bytes: Buffer): Buffer;
  /** What was held back because it could have become a secret. */
  end(): Buffer;
}

/** How many bytes at the end could be the beginning of one of the secrets. */
function unfinished(bytes: Buffer, secrets: readonly Buffer[], longest: number): number {
  for (let length = Math.min(longest - 1, bytes.length); length > 0; length -= 1) {
    const end = bytes.subarray(bytes.length - length);
    if (secrets.some((secret) => secret.length > length && secret.subarray(0, length).equals(end)))
      return length;
  }
  return 0;
}

export function createMask(values: readonly string[]): Mask {
  // The longest first: where one secret is part of another, the other one is meant.
  const secrets = [...new Set(values)]
    .filter((value) => value !== "")
    .map((value) => Buffer.from(value))
    .sort((a, b) => b.length - a.length);
  const longest = secrets[0]?.length ?? 0;
  let held: Buffer = Buffer.alloc(0);

  const nextSecret = (
    bytes: Buffer,
    from: number,
  ): { readonly at: number; readonly length: number } | undefined => {
    let found: { at: number; length: number } | undefined;
    for (const secret of secrets) {
      const at = bytes.indexOf(secret, from);
      if (at >= 0 && (!found || at < found.at)) found = { at, length: secret.length };
    }
    return found;
  };
  return {
    push: (bytes) => {
      const all = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      const parts: Buffer[] = [];
      let from = 0;
      for (let found = nextSecret(all, 0); found; found = nextSecret(all, from)) {
        parts.push(all.subarray(from, found.at), concealed);
        from = found.at + found.length;
      }
      const rest = all.subarray(from);
      const keep = unfinished(rest, secrets, longest);
      held = Buffer.from(rest.subarray(rest.length - keep));
      return Buffer.concat([...parts, rest.subarray(0, rest.length - keep)]);
    },
    end: () => {
      const rest = held;
      held = Buffer.alloc(0);
      return rest;
    },
  };
}
