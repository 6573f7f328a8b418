import { AscalonError } from "../../errors.ts";
import type { MachineFacts } from "../../machine/facts.ts";
import type { Progress } from "../../machine/machine.ts";
import { instanceName } from "../../paths.ts";
import { observeHalt, resumeHalted } from "./halt.ts";
import type { LimaPorts } from "./limactl.ts";
import { observeInstance } from "./observe-instance.ts";
import { dropReusedPids } from "./observe-processes.ts";
import { askToPowerOff, shutdownMs } from "./power-off.ts";

/** How long a guest whose host agent is gone is asked to power itself off before QEMU is killed, and how often. */
const askingMs = 120_000;
const askAgainMs = 2_000;

/** A host agent whose VM ended ends too, as a rule within a second. */
const hostAgentEndMs = 10_000;

/**
 * Brings a broken instance to `stopped`. Lima's own way is `stop --force`, which SIGKILLs QEMU under a running
 * guest: the guest is asked to power off first, over ssh, so that its disks are clean.
 */
export async function recoverInstance(
  ports: LimaPorts,
  facts: MachineFacts,
  progress: Progress,
): Promise<void> {
  const { context, paths } = ports;
  if (facts.process === "leftover") {
    const names = await dropReusedPids(context, paths.instanceDir);
    if (names.length > 0)
      progress(`removed ${names.join(", ")}: left over from a crash, the pids now belong to other programs`);
    return;
  }
  if (facts.brokenReason === "driver-gone" && (await isNotBroken(ports, hostAgentEndMs))) return;
  // One that stands still takes no request.
  const halted = facts.driver.state === "alive" ? await observeHalt(context, paths) : undefined;
  if (halted) await resumeHalted(context, paths, halted, progress);
  // Also where the VM's process seems to be gone: a guest that takes the request has one, whatever its pid file says.
  if (await powersItselfOff(ports, progress)) {
    progress("the guest powered itself off");
    return;
  }
  context.signal.throwIfAborted();
  await endByForce(ports, progress);
}

/** Which process that is nobody says, and one that only looks like it is not for us to end. */
const unnamed = (): AscalonError =>
  new AscalonError("E_INSTANCE_BROKEN", {
    what: "Lima's host agent is running, but its pid files are gone, so it cannot be killed",
    why: "ha.pid and qemu.pid or vz.pid were removed while the VM was running; a second VM would write to its disks",
    run: `pkill -INT -f 'hostagent .* ${instanceName}$'    (it stops the VM as limactl stop does; then: ascalon up)`,
  });

/** A guest that is slow to answer has people's programs in it all the same: it is asked until it says something. */
async function powersItselfOff(ports: LimaPorts, progress: Progress): Promise<boolean> {
  const { clock, signal } = ports.context;
  const until = clock.monotonic() + askingMs;
  for (let tell = progress; ; tell = () => {}) {
    const answer = await askToPowerOff(ports, tell);
    signal.throwIfAborted();
    if (answer === "asked") return await isNotBroken(ports, shutdownMs);
    if (answer !== "unanswered") return false;
    // It may have taken a request to which there was no time left to answer.
    if (await isNotBroken(ports, askAgainMs)) return true;
    if (clock.monotonic() >= until) return false;
  }
}

/**
 * `limactl stop --force`: SIGKILL for what the pid files name, so only once they name nobody else. Where they name nobody
 * it would end nobody, remove the socket that tells of the VM, and unlock its home disk (lima pkg/instance/stop.go).
 */
export async function endByForce(ports: LimaPorts, progress: Progress): Promise<void> {
  const { brokenReason } = await observeInstance(ports.context, ports.paths, 0);
  if (brokenReason === "pid-files-gone" && !(await isNotBroken(ports, hostAgentEndMs))) throw unnamed();
  await dropReusedPids(ports.context, ports.paths.instanceDir);
  await ports.limactl(["stop", "--force", instanceName], {
    verb: "end the VM's processes",
    timeoutMs: 60_000,
    onMessage: progress,
  });
}

async function isNotBroken({ context, paths }: LimaPorts, withinMs: number): Promise<boolean> {
  const until = context.clock.monotonic() + withinMs;
  do {
    if ((await observeInstance(context, paths, 0)).process !== "broken") return true;
    await context.clock.sleep(250, context.signal);
  } while (context.clock.monotonic() < until);
  return false;
}
