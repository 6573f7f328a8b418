/** Bytes from `start` to before `end`, counted from the beginning of the stream. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Search {
  /** Where the stream's next bytes complete one of the texts, in no order. */
  push(bytes: Uint8Array): Range[];
  /** How many of the last bytes could be the beginning of one of the texts. */
  unfinished(): number;
}

interface Text {
  readonly bytes: Uint8Array;
  /** By the number of bytes that fit, less one: how many of them still fit when the next one does not. */
  readonly fallback: Int32Array;
  /** How many bytes at the end of the stream fit. */
  fits: number;
}

/** Knuth, Morris and Pratt: no byte of the stream is looked at twice, whatever repeats itself in the text. */
function textOf(bytes: Uint8Array): Text {
  const fallback = new Int32Array(bytes.length);
  for (let at = 1, fits = 0; at < bytes.length; at += 1) {
    while (fits > 0 && bytes[at] !== bytes[fits]) fits = fallback[fits - 1] ?? 0;
    if (bytes[at] === bytes[fits]) fits += 1;
    fallback[at] = fits;
  }
  return { bytes, fallback, fits: 0 };
}

/**
 * Looks for several texts at once in a stream that comes in pieces; overlapping ones are found, each of them. A text is
 * begun with its second byte: by their first alone too many would be.
 */
export function createSearch(texts: readonly Uint8Array[]): Search {
  const isWhole = new Uint8Array(256);
  const isFirst = new Uint8Array(256);
  const isPair = new Uint8Array(65536);
  const byPair = new Map<number, Text[]>();
  for (const bytes of texts) {
    const [first, second] = bytes;
    if (first === undefined) continue;
    if (second === undefined) {
      isWhole[first] = 1;
      continue;
    }
    const pair = first * 256 + second;
    isFirst[first] = 1;
    isPair[pair] = 1;
    byPair.set(pair, [...(byPair.get(pair) ?? []), textOf(bytes)]);
  }
  /** Those of which something fits: most bytes of a stream concern none. */
  const begun: Text[] = [];
  let at = 0;
  let before = -256;

  const advance = (text: Text, byte: number, found: Range[]): void => {
    while (text.fits > 0 && text.bytes[text.fits] !== byte) text.fits = text.fallback[text.fits - 1] ?? 0;
    if (text.bytes[text.fits] === byte) text.fits += 1;
    if (text.fits < text.bytes.length) return;
    found.push({ start: at + 1 - text.fits, end: at + 1 });
    text.fits = text.fallback[text.fits - 1] ?? 0;
  };
  const take = (byte: number, pair: number, found: Range[]): void => {
    for (const text of isPair[pair] === 1 ? (byPair.get(pair) ?? []) : []) {
      if (text.fits > 0) continue;
      text.fits = 1;
      begun.push(text);
    }
    let kept = 0;
    for (const text of begun) {
      advance(text, byte, found);
      if (text.fits > 0) begun[kept++] = text;
    }
    begun.length = kept;
  };
  return {
    push: (bytes) => {
      const found: Range[] = [];
      for (const byte of bytes) {
        const pair = before * 256 + byte;
        if (isWhole[byte] === 1) found.push({ start: at, end: at + 1 });
        if (begun.length > 0 || isPair[pair] === 1) take(byte, pair, found);
        before = byte;
        at += 1;
      }
      return found;
    },
    unfinished: () => begun.reduce((most, { fits }) => Math.max(most, fits), isFirst[before] ?? 0),
  };
}
