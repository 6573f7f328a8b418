import type { Progress } from "../../machine/machine.ts";
import { instanceName } from "../../paths.ts";
import type { LimaPorts } from "./limactl.ts";
import { observeInstance } from "./observe-instance.ts";
import { endByForce } from "./recover-instance.ts";

const minuteMs = 60_000;

/** How often Lima may refuse before its words are believed. */
const attempts = 10;

/**
 * Shuts the instance down. `limactl stop` wants both processes and refuses when it sees one or none, which is so for
 * a moment at each start and each end: what it refuses because the VM just stopped is what was wanted.
 */
export async function stopInstance(ports: LimaPorts, force: boolean, progress: Progress): Promise<void> {
  const { context, paths, limactl } = ports;
  if (force) {
    await endByForce(ports, progress);
    return;
  }
  for (let attempt = 1; ; attempt += 1) {
    if (await isDown(ports)) return;
    try {
      // Lima waits 3 min for the host agent and 3 more for QEMU; past that it says itself what to do.
      await limactl(["stop", instanceName], {
        verb: "stop the VM",
        timeoutMs: 7 * minuteMs,
        onMessage: progress,
        signal: context.signal,
      });
      return;
    } catch (error) {
      if (context.signal.aborted) throw error;
      const facts = await observeInstance(context, paths, 0);
      if (facts.process === "stopped") return;
      if (attempt === attempts || facts.process === "running") throw error;
    }
    await context.clock.sleep(500, context.signal);
  }
}

/** Waits for a shutdown that somebody else began. */
async function isDown({ context, paths }: LimaPorts): Promise<boolean> {
  const until = context.clock.monotonic() + 7 * minuteMs;
  for (;;) {
    const { process } = await observeInstance(context, paths, 0);
    if (process === "stopped") return true;
    if (process !== "stopping" || context.clock.monotonic() >= until) return false;
    await context.clock.sleep(250, context.signal);
  }
}
