/** What the bridge has done since the agent started. Numbers only: nothing here grows. */
export interface Counters {
  running: number;
  calls: number;
  refused: number;
  malformed: number;
}

export const newCounters = (): Counters => ({ running: 0, calls: 0, refused: 0, malformed: 0 });

/** Bounds of all calls together. */
export const bridgeLimits = {
  /** One more, and one that is no call gives way. */
  connections: 320,
  /**
   * Calls that run, wait or are decided: more than the 300 that a command may have at once (its rate). The rest is for
   * whoever asks, and for the proof that the bridge works.
   */
  calls: 304,
  /** Programs at one time; calls beyond wait for their turn. */
  programs: 64,
  /** Of stdin, for all calls that run: as much as the largest thing that one of them may be given (op-subcommands.ts). */
  inputBytes: 2 * 1024 ** 3,
  /** A connection that has said what it wants by then is a call, any other is closed. Milliseconds. */
  requestMs: 5_000,
  /** How long a client may leave the last bytes of its call on the way. Milliseconds. */
  lastBytesMs: 60_000,
} as const;
