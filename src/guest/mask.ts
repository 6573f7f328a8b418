import { createSearch, type Range } from "./mask-search.ts";

/** What op shows in a secret's place. */
const concealed = Buffer.from("<concealed by 1Password>");

/** Replaces secrets in a stream of bytes, also those that arrive in pieces. */
export interface Mask {
  push(bytes: Buffer): Buffer;
  /** What was held back because it could have become a secret. */
  end(): Buffer;
}

/** Secrets that overlap hide each other's bytes: one range with all of them. */
function united(ranges: readonly Range[]): Range[] {
  const whole: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = whole.at(-1);
    if (last === undefined || range.start >= last.end) whole.push(range);
    else if (range.end > last.end) whole[whole.length - 1] = { start: last.start, end: range.end };
  }
  return whole;
}

export function createMask(values: readonly string[]): Mask {
  const search = createSearch([...new Set(values)].map((value) => Buffer.from(value)));
  /** From `shownTo` on, in the stream's own count. */
  let held: Buffer = Buffer.alloc(0);
  let shownTo = 0;
  /** What ends behind `shownTo`; one that begins before it is hidden already and stays so to its end. */
  let secrets: Range[] = [];

  /** Shows everything before `limit`: no secret that is still to come can begin there. */
  const show = (limit: number): Buffer => {
    const parts: Buffer[] = [];
    let at = shownTo;
    for (const { start, end } of secrets) {
      if (start >= limit) break;
      if (start >= at) parts.push(held.subarray(at - shownTo, start - shownTo), concealed);
      at = Math.min(end, limit);
    }
    parts.push(held.subarray(at - shownTo, limit - shownTo));
    held = Buffer.from(held.subarray(limit - shownTo));
    shownTo = limit;
    secrets = secrets.filter(({ end }) => end > limit);
    return Buffer.concat(parts);
  };
  return {
    push: (bytes) => {
      secrets = united([...secrets, ...search.push(bytes)]);
      held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      return show(shownTo + held.length - search.unfinished());
    },
    end: () => show(shownTo + held.length),
  };
}
