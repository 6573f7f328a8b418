import { hrtime, platform } from "node:process";

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds from an arbitrary start that never jump, and that do not pass while the machine sleeps. */
  monotonic(): number;
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

// `performance` would load a module of 1.3 ms for the same number.
const sinceStart = (): number => Number(hrtime.bigint()) / 1e6;

const tickMs = 1_000;
/** A busy process is late by less. */
const sleptMs = 5_000;

/** The same time without what passed unseen, when it is read at least once a second. */
export function withoutSleep(read: () => number): () => number {
  let last = read();
  let asleep = 0;
  return () => {
    const now = read();
    if (now - last > sleptMs) asleep += now - last - tickMs;
    last = now;
    return now - asleep;
  };
}

/**
 * Linux stops its clock during sleep. A Mac's goes on (libuv reads mach_continuous_time): a lid that was closed for an
 * hour would be an hour that the VM, which slept as well, had not become ready in.
 */
function awakeOnMac(): () => number {
  let awake: (() => number) | undefined;
  return () => {
    if (awake === undefined) {
      awake = withoutSleep(sinceStart);
      setInterval(awake, tickMs).unref();
    }
    return awake();
  };
}

/** Calls back once so much time has passed, without sleep. All timers of a Mac end as soon as it wakes. */
export function afterAwake(ms: number, call: () => void): { cancel(): void } {
  const { monotonic } = systemClock;
  const until = monotonic() + ms;
  const look = (): void => {
    const left = until - monotonic();
    if (left > 0) timer = setTimeout(look, left);
    else call();
  };
  let timer = setTimeout(look, ms);
  return { cancel: () => clearTimeout(timer) };
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: platform === "darwin" ? awakeOnMac() : sinceStart,
  sleep: async (ms, signal) => {
    const { setTimeout: wait } = await import("node:timers/promises");
    await wait(ms, undefined, signal ? { signal } : {});
  },
};
