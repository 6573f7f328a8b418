import type { Context } from "../../context.ts";
import type { Progress, StartOptions } from "../../machine/machine.ts";
import { instanceName, type Paths } from "../../paths.ts";
import type { LimaPorts } from "./limactl.ts";
import { observeInstance } from "./observe-instance.ts";
import { waitForBoot } from "./wait-for-boot.ts";

/**
 * Starts the instance. limactl is only the watcher: the host agent it starts lives on when it is interrupted or
 * killed, and the next call waits for that one.
 */
export async function startInstance(
  ports: LimaPorts,
  options: StartOptions,
  progress: Progress,
): Promise<void> {
  const { context, paths } = ports;
  const until = context.clock.monotonic() + options.timeoutMs;
  if (!options.wait) {
    await startOnly(ports, options, progress);
    return;
  }
  try {
    await runStart(ports, options, progress, options.signal);
  } catch (error) {
    // A failed link or a slow guest agent makes limactl exit 1 although the VM runs (lima pkg/instance/start.go):
    // the facts decide.
    options.signal.throwIfAborted();
    const facts = await observeInstance(context, paths);
    if (facts.process === "running" && facts.ssh.state === "up") return;
    throw error;
  }
  // limactl returns at once when somebody else's start is under way, and says nothing of that.
  const timeoutMs = Math.max(1000, until - context.clock.monotonic());
  await waitForBoot(ports, { ...options, timeoutMs }, progress);
}

function runStart(
  { limactl }: LimaPorts,
  { timeoutMs }: StartOptions,
  progress: Progress,
  signal: AbortSignal,
) {
  return limactl(["start", `--timeout=${Math.ceil(timeoutMs / 1000)}s`, instanceName], {
    verb: "start the VM",
    onMessage: (message) => progress(message.replace(/^\[hostagent\] /, "")),
    signal,
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
