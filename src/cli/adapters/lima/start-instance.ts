import type { Context } from "../../context.ts";
import { AscalonError } from "../../errors.ts";
import type { Progress, StartOptions } from "../../machine/machine.ts";
import { instanceName, type Paths } from "../../paths.ts";
import { progressOf } from "./event-log.ts";
import type { Limactl } from "./limactl.ts";
import { observeInstance } from "./observe-instance.ts";

interface Ports {
  readonly context: Context;
  readonly paths: Paths;
  readonly limactl: Limactl;
}

/**
 * Starts the instance. limactl is only the watcher: the host agent it starts lives on when it is interrupted or
 * killed, and the next call waits for that one.
 */
export async function startInstance(ports: Ports, options: StartOptions, progress: Progress): Promise<void> {
  const { context, paths, limactl } = ports;
  const work = limactl(["start", `--timeout=${Math.ceil(options.timeoutMs / 1000)}s`, instanceName], {
    verb: "start the VM",
    onMessage: (message) => progress(message.replace(/^\[hostagent\] /, "")),
    signal: options.signal,
  });
  if (!options.wait) {
    await Promise.race([work, processesAreUp(context, paths, options.signal)]);
    return;
  }
  try {
    await work;
  } catch (error) {
    // A failed link or a slow guest agent makes limactl exit 1 although the VM runs (lima pkg/instance/start.go):
    // the facts decide.
    const facts = await observeInstance(context, paths);
    if (facts.process === "running" && facts.ssh.state === "up") return;
    throw error;
  }
}

async function processesAreUp(context: Context, paths: Paths, signal: AbortSignal): Promise<void> {
  for (;;) {
    const facts = await observeInstance(context, paths, 0);
    if (facts.driver.state === "alive") return;
    await context.clock.sleep(100, signal);
  }
}

/** Waits until a boot that is under way ends, or the guest answers again; tells the host agent's own progress. */
export async function waitForBoot(
  { context, paths }: Omit<Ports, "limactl">,
  options: StartOptions,
  progress: Progress,
): Promise<void> {
  const until = context.clock.monotonic() + options.timeoutMs;
  let said = "";
  while (context.clock.monotonic() < until) {
    const facts = await observeInstance(context, paths, 2000);
    if (facts.process === "running" && facts.ssh.state === "up") return;
    if (facts.process === "stopped" || facts.process === "broken") {
      throw new AscalonError("E_INSTANCE_BROKEN", {
        what: "the VM stopped while it was booting",
        why: `see ${paths.instanceDir}/ha.stderr.log and serial*.log beside it`,
        run: "ascalon up",
      });
    }
    const tail = (await context.files.readTail(`${paths.instanceDir}/ha.stderr.log`, 4096)) ?? "";
    const line = tail
      .split("\n")
      .map(progressOf)
      .findLast((message) => message !== undefined);
    if (line !== undefined && line !== said) progress(line);
    said = line ?? said;
    await context.clock.sleep(250, options.signal);
  }
  throw new AscalonError("E_NOT_READY", {
    what: `the VM was not ready after ${Math.round(options.timeoutMs / 1000)} s; it may still be booting`,
    why: `Lima's log is ${paths.instanceDir}/ha.stderr.log, the console's serial.log beside it`,
    run: "ascalon up    (goes on waiting)",
  });
}
