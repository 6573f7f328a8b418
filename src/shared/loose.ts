/** Reading of parsed JSON that anybody may have written: every function is total and none throws. */

/** Any object read by name; missing fields and null are both undefined. */
export type Loose = Readonly<Record<string, unknown>>;

export function asRecord(value: unknown): Loose {
  return typeof value === "object" && value !== null ? (value as Loose) : {};
}

export function asText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function asWhole(value: unknown): number | undefined {
  return typeof value === "number" ? Math.floor(value) : undefined;
}

/** The items that `read` accepts, in order. */
export function listOf<T>(value: unknown, read: (item: unknown) => T | undefined): T[] {
  const items: T[] = [];
  if (!Array.isArray(value)) return items;
  for (const item of value as unknown[]) {
    const parsed = read(item);
    if (parsed !== undefined) items.push(parsed);
  }
  return items;
}

/** The value when it is one of the words, else the fallback. */
export function oneOf<T extends string>(value: unknown, words: readonly T[], fallback: T): T {
  for (const word of words) {
    if (word === value) return word;
  }
  return fallback;
}
