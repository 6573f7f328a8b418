import { AscalonError } from "../../errors.ts";
import type { Progress } from "../../machine/machine.ts";
import { instanceName } from "../../paths.ts";
import { observeHalt, resumeHalted } from "./halt.ts";
import type { LimaPorts } from "./limactl.ts";
import { observeInstance } from "./observe-instance.ts";
import { observeProcesses } from "./observe-processes.ts";
import { askToPowerOff, shutdownMs } from "./power-off.ts";
import { endByForce } from "./recover-instance.ts";

const minuteMs = 60_000;

/** How often Lima may refuse before its words are believed. */
const attempts = 10;

/**
 * Shuts the instance down. `limactl stop` wants both processes and refuses when it sees one or none, which is so for
 * a moment at each start and each end: what it refuses because the VM just stopped is what was wanted. A sentence when
 * the guest was not let shut down.
 */
export async function stopInstance(
  ports: LimaPorts,
  force: boolean,
  progress: Progress,
): Promise<string | undefined> {
  const { context, paths, limactl } = ports;
  if (force) {
    await endByForce(ports, progress);
    return undefined;
  }
  const { isVz } = await observeProcesses(context, paths.instanceDir);
  // It would not see the power button, and be killed minutes later.
  const halted = isVz ? undefined : await observeHalt(context, paths);
  if (halted) await resumeHalted(context, paths, halted, progress).catch(stopAnyway);
  if (isVz && (await powersItselfOff(ports, progress))) return undefined;
  for (let attempt = 1; ; attempt += 1) {
    if (await isDown(ports, progress)) return attempt > 1 ? await cutShort(ports) : undefined;
    const pressing = pressAgain(ports, progress);
    try {
      // Lima waits 3 min for the host agent and 3 more for QEMU; past that it says itself what to do.
      await limactl(["stop", instanceName], {
        verb: "stop the VM",
        timeoutMs: 7 * minuteMs,
        onMessage: progress,
        signal: context.signal,
      });
      return await cutShort(ports);
    } catch (error) {
      if (context.signal.aborted) throw error;
      const facts = await observeInstance(context, paths, 0);
      if (facts.process === "stopped") return await cutShort(ports);
      if (facts.process === "running" && isBroken(error)) {
        if (await powersItselfOff(ports, progress)) return undefined;
        throw unseen(error);
      }
      if (attempt === attempts || facts.process === "running") throw error;
    } finally {
      await pressing.end();
    }
    await context.clock.sleep(500, context.signal);
  }
}

/** Whoever deletes the VM to make room wants it stopped, not resumed. */
function stopAnyway(error: unknown): never {
  if (!(error instanceof AscalonError)) throw error;
  throw new AscalonError(error.code, {
    what: error.message,
    ...(error.why === undefined ? {} : { why: error.why }),
    run: "ascalon stop --force    (like pulling the plug; or free space, then run the same command again)",
  });
}

const isBroken = (error: unknown): error is AscalonError =>
  error instanceof AscalonError && error.code === "E_INSTANCE_BROKEN";

/** Lima asks the host agent by its socket; where somebody removed that, it calls a VM that runs Broken, and stops none. */
const unseen = ({ message, why }: AscalonError): AscalonError =>
  new AscalonError("E_INSTANCE_BROKEN", {
    what: message,
    why: `${why}; the VM is running, and its guest does not power itself off either`,
    run: "ascalon stop --force    (like pulling the plug)",
  });

/**
 * Lima gives a guest on vz half a minute between the request and the end of the process that holds it. Services may take
 * longer, so there the guest is asked by ssh and waited for, and Lima only when that does not help.
 */
async function powersItselfOff(ports: LimaPorts, progress: Progress): Promise<boolean> {
  const { context, paths } = ports;
  const facts = await observeInstance(context, paths, 2000);
  if (facts.process !== "running" || facts.ssh.state !== "up") return false;
  if ((await askToPowerOff(ports, progress)) !== "asked") return false;
  const until = context.clock.monotonic() + shutdownMs;
  while (context.clock.monotonic() < until) {
    if ((await observeInstance(context, paths, 0)).process === "stopped") return true;
    await context.clock.sleep(250, context.signal);
  }
  return false;
}

/** How long a guest may take to heed the power button before it is asked by ssh as well, and then again. */
const pressEveryMs = 10_000;

/**
 * Lima presses the power button once, and a guest that is still booting does not notice: it would come up and be killed
 * minutes later. So it is asked by ssh as soon as it answers there, until `end`.
 */
function pressAgain(ports: LimaPorts, progress: Progress): { end(): Promise<void> } {
  const over = new AbortController();
  const signal = AbortSignal.any([ports.context.signal, over.signal]);
  const { context } = ports;
  const press = async (): Promise<void> => {
    let tell = progress;
    do {
      await context.clock.sleep(pressEveryMs, signal);
      const asked = await askToPowerOff({ ...ports, context: { ...context, signal } }, tell);
      if (asked === "asked") return;
      tell = () => {};
    } while (!signal.aborted);
  };
  // Ends by the signal, which throws, and whatever else happens to it is no reason not to stop the VM.
  const pressing = press().catch(() => {});
  return {
    end: () => {
      over.abort();
      return pressing;
    },
  };
}

/** What Lima says when it did not wait for the guest, and how long it did. */
const cutWords = [
  ["vz timeout while waiting for stop status", "half minute"],
  ["QEMU did not exit in", "three minutes"],
] as const;

/** A sentence when Lima did not wait for the guest; its log is begun anew at each start. */
async function cutShort({ context, paths }: LimaPorts): Promise<string | undefined> {
  const log = (await context.files.readTail(`${paths.instanceDir}/ha.stderr.log`, 16_384)) ?? "";
  const [, patience] = cutWords.find(([words]) => log.includes(words)) ?? [];
  if (patience === undefined) return undefined;
  return `The guest did not shut down within the ${patience} that Lima allows, and was ended as by a power cut.`;
}

/** Waits for a shutdown that somebody else began. */
async function isDown(ports: LimaPorts, progress: Progress): Promise<boolean> {
  const { context, paths } = ports;
  const until = context.clock.monotonic() + 7 * minuteMs;
  const pressing = pressAgain(ports, progress);
  try {
    for (;;) {
      const { process } = await observeInstance(context, paths, 0);
      if (process === "stopped") return true;
      if (process !== "stopping" || context.clock.monotonic() >= until) return false;
      await context.clock.sleep(250, context.signal);
    }
  } finally {
    await pressing.end();
  }
}
