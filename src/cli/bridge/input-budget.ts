/** What one call is given on stdin. */
export interface CallInput {
  /** A clause without a period: it is too much, and the call is to end. */
  take(bytes: number): string | undefined;
  /** The call is over, and its program with what it kept. */
  giveBack(): void;
}

const sizeOf = (bytes: number): string =>
  bytes < 1024 ** 3 ? `${bytes / 1024 ** 2} MiB` : `${bytes / 1024 ** 3} GiB`;

/**
 * Programs keep what they read until its end, in the host's memory. So each call has its own bound, and all that run have
 * one together.
 */
export function createInputBudget(allBytes: number): (label: string, ownBytes: number) => CallInput {
  let used = 0;
  return (label, ownBytes) => {
    let own = 0;
    return {
      take: (bytes) => {
        own += bytes;
        used += bytes;
        if (own > ownBytes) return `${label} takes at most ${sizeOf(ownBytes)} on stdin`;
        return used > allBytes ? `calls at once take at most ${sizeOf(allBytes)} on stdin` : undefined;
      },
      giveBack: () => {
        used -= own;
        own = 0;
      },
    };
  };
}
