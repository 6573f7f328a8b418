import type { Context } from "../../context.ts";
import { AscalonError } from "../../errors.ts";
import type { Progress, StartOptions } from "../../machine/machine.ts";
import { instanceName, type Paths } from "../../paths.ts";
import type { BootFault } from "./boot-fault.ts";
import { silenceMs, watched } from "./boot-watch.ts";
import { fatalSince } from "./event-log.ts";
import type { LimaPorts } from "./limactl.ts";
import { observeInstance } from "./observe-instance.ts";
import { dropZombiePids } from "./observe-processes.ts";
import { endByForce } from "./recover-instance.ts";
import { waitForBoot } from "./wait-for-boot.ts";

/**
 * Starts the instance. limactl is only the watcher: the host agent it starts lives on when it is interrupted or
 * killed, and the next call waits for that one. A boot that cannot end (kernel panic, a guest that does nothing any
 * more) is ended and tried once more. Throws E_NOT_READY with what was seen when that does not help.
 */
export async function startInstance(
  ports: LimaPorts,
  options: StartOptions,
  progress: Progress,
): Promise<void> {
  if (!options.wait) {
    await startOnly(ports, options, progress);
    return;
  }
  const began = ports.context.clock.monotonic();
  const fault = await watched(ports, options, (inner) => startAndWait(ports, inner, progress));
  if (fault) await startOnceMore(ports, fault, withoutPassed(ports, options, began), progress);
}

/** Waits for a boot that somebody else began, and helps it as its own. */
export async function waitReady(ports: LimaPorts, options: StartOptions, progress: Progress): Promise<void> {
  const { process } = await observeInstance(ports.context, ports.paths, 0);
  const wait = (inner: StartOptions): Promise<void> => waitForBoot(ports, inner, progress);
  // A guest that was ready before has people's programs in it: it is waited for, never ended.
  if (process !== "starting") return await wait(options);
  const began = ports.context.clock.monotonic();
  const fault = await watched(ports, options, wait);
  if (fault) await startOnceMore(ports, fault, withoutPassed(ports, options, began), progress);
}

/** What is left of the time, and never less than a boot may be silent. */
function withoutPassed({ context }: LimaPorts, options: StartOptions, began: number): StartOptions {
  const passed = context.clock.monotonic() - began;
  return { ...options, timeoutMs: Math.max(options.timeoutMs - passed, silenceMs) };
}

async function startOnceMore(
  ports: LimaPorts,
  first: BootFault,
  options: StartOptions,
  progress: Progress,
): Promise<void> {
  // Somebody may be at work there, and a second boot would stop at the same place.
  if (first.kind === "emergency") throw doesNotBoot(ports, first.words);
  progress(`the guest does not boot: ${first.words}; it is stopped and started once more`);
  await endByForce(ports, progress);
  options.signal.throwIfAborted();
  const second = await watched(ports, options, (inner) => startAndWait(ports, inner, progress));
  if (second) throw doesNotBoot(ports, `${second.words} (as in the first attempt)`);
}

const doesNotBoot = ({ paths }: LimaPorts, words: string): AscalonError =>
  new AscalonError("E_NOT_READY", {
    what: `the guest does not boot: ${words}`,
    why: `the console's output is in ${paths.instanceDir}/serial*.log`,
    run: "ascalon logs vm    (then: ascalon restart --force)",
  });

async function startAndWait(ports: LimaPorts, options: StartOptions, progress: Progress): Promise<void> {
  const { context, paths } = ports;
  const until = context.clock.monotonic() + options.timeoutMs;
  try {
    await runStart(ports, options, progress, options.signal);
  } catch (error) {
    // A failed link or a slow guest agent makes limactl exit 1 although the VM runs (lima pkg/instance/start.go):
    // the facts decide.
    options.signal.throwIfAborted();
    const facts = await observeInstance(context, paths);
    if (facts.process !== "running") throw error;
    // A guest that is too busy for an answer just now is waited for like any other.
  }
  // limactl returns at once when somebody else's start is under way, and says nothing of that.
  const timeoutMs = Math.max(1000, until - context.clock.monotonic());
  await waitForBoot(ports, { ...options, timeoutMs }, progress);
}

async function runStart(
  { context, paths, limactl }: LimaPorts,
  { timeoutMs }: StartOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  await dropZombiePids(context, paths.instanceDir);
  const began = context.clock.now();
  await limactl(["start", `--timeout=${Math.ceil(timeoutMs / 1000)}s`, instanceName], {
    verb: "start the VM",
    onMessage: (message) => progress(message.replace(/^\[hostagent\] /, "")),
    signal,
    otherWords: async () =>
      fatalSince((await context.files.readTail(`${paths.instanceDir}/ha.stderr.log`, 8192)) ?? "", began),
  });
}

/** Returns once the VM's processes run. limactl would watch the boot to its end, so it is ended then. */
async function startOnly(ports: LimaPorts, options: StartOptions, progress: Progress): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const work = runStart(ports, options, progress, signal);
  const seen = processesAreUp(ports.context, ports.paths, signal);
  try {
    await Promise.race([work, seen]);
  } finally {
    over.abort();
    // Both end now; a watcher left behind would keep ascalon from ending.
    await Promise.allSettled([work, seen]);
  }
}

async function processesAreUp(context: Context, paths: Paths, signal: AbortSignal): Promise<void> {
  for (;;) {
    const facts = await observeInstance(context, paths, 0);
    if (facts.hostAgent.state === "alive" && facts.driver.state === "alive") return;
    await context.clock.sleep(100, signal);
  }
}
