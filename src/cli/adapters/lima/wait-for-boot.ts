import { AscalonError } from "../../errors.ts";
import type { ProcessState } from "../../machine/facts.ts";
import type { Progress, StartOptions } from "../../machine/machine.ts";
import { stoppedMeanwhile } from "../../machine/stopped-meanwhile.ts";
import { progressOf } from "./event-log.ts";
import { mostResumes, resumeHalted, standsStill } from "./halt.ts";
import type { LimaPorts } from "./limactl.ts";
import { observeInstance } from "./observe-instance.ts";

/** States from which nothing becomes ready by itself. */
const ended: readonly ProcessState[] = ["stopped", "broken", "leftover"];

const lookMs = 250;
/**
 * Once sshd answers: it refuses for 15 s whoever reads its banner without a login more than once a second (OpenSSH from
 * 9.8 on, PerSourcePenalties), and to it Lima and ascalon are one.
 */
const lookAtSshdMs = 2000;

/** Lima writes it at each start, before the host agent says anything. */
const noPort = (folder: string): AscalonError =>
  new AscalonError("E_INSTANCE_BROKEN", {
    what: "the VM is running but cannot be reached: its ssh port is no longer known",
    why: `Lima wrote it to ${folder}/ssh.config, which was removed or emptied, and writes it again at the next start`,
    run: "ascalon restart",
  });

const notReady = (folder: string, timeoutMs: number): AscalonError =>
  new AscalonError("E_NOT_READY", {
    what: `the VM was not ready after ${Math.round(timeoutMs / 1000)} s; it may still be booting`,
    why: `Lima's log is ${folder}/ha.stderr.log, the console's is serial.log beside it`,
    run: "ascalon up    (keeps waiting)",
  });

/** Nothing tells a guest's own reboot, which comes to an end, from an ssh server that ended, which does not come back. */
const silent = (timeoutMs: number): AscalonError =>
  new AscalonError("E_NOT_READY", {
    what: `the VM is running, but its ssh still does not answer after ${Math.round(timeoutMs / 1000)} s`,
    why: "the guest had booted: it hangs, its ssh server ended, or it is rebooting",
    run: "ascalon restart    (ascalon up keeps waiting)",
  });

/** Waits until a boot that is under way ends, or the guest answers again; tells the host agent's own progress. */
export async function waitForBoot(
  { context, paths }: Omit<LimaPorts, "limactl">,
  options: StartOptions,
  progress: Progress,
): Promise<void> {
  const until = context.clock.monotonic() + options.timeoutMs;
  let said = "";
  let resumed = 0;
  for (;;) {
    const facts = await observeInstance(context, paths, 2000);
    if (facts.process === "running" && facts.ssh.state === "up") return;
    if (facts.halted) {
      if (resumed === mostResumes) throw standsStill(facts.halted);
      resumed += 1;
      await resumeHalted(context, paths, facts.halted, progress);
      await context.clock.sleep(lookAtSshdMs, options.signal);
      continue;
    }
    if (ended.includes(facts.process)) throw stoppedMeanwhile(paths.instanceDir);
    if (facts.process === "running" && facts.ssh.port === undefined) throw noPort(paths.instanceDir);
    if (context.clock.monotonic() >= until)
      throw facts.process === "running"
        ? silent(options.timeoutMs)
        : notReady(paths.instanceDir, options.timeoutMs);
    const tail = (await context.files.readTail(`${paths.instanceDir}/ha.stderr.log`, 4096)) ?? "";
    const line = tail
      .split("\n")
      .map(progressOf)
      .findLast((message) => message !== undefined);
    if (line !== undefined && line !== said) progress(line);
    said = line ?? said;
    // An answer of the guest agent spares sshd the question.
    const isAsked = facts.ssh.state === "up" && facts.guestAgent !== true;
    await context.clock.sleep(isAsked ? lookAtSshdMs : lookMs, options.signal);
  }
}
