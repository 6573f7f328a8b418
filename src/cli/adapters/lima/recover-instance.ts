import type { MachineFacts } from "../../machine/facts.ts";
import type { Progress } from "../../machine/machine.ts";
import { instanceName } from "../../paths.ts";
import type { LimaPorts } from "./limactl.ts";
import { observeInstance } from "./observe-instance.ts";
import { dropReusedPids } from "./observe-processes.ts";

/** How long a guest whose host agent is gone gets to power itself off before QEMU is killed. */
const powerOffMs = 90_000;

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
      progress(`removed ${names.join(", ")}: left from before a crash, the pids are other programs' now`);
    return;
  }
  if (facts.brokenReason === "driver-gone") {
    if (await isNotBroken(ports, hostAgentEndMs)) return;
  } else if ((await powerOff(ports, progress)) && (await isNotBroken(ports, powerOffMs))) {
    progress("the guest powered itself off");
    return;
  }
  context.signal.throwIfAborted();
  await endByForce(ports, progress);
}

/** `limactl stop --force`: SIGKILL for what the pid files name, so only once they name nobody else. */
export async function endByForce(ports: LimaPorts, progress: Progress): Promise<void> {
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

/** Whether the guest took the request. */
async function powerOff({ context, paths }: LimaPorts, progress: Progress): Promise<boolean> {
  progress("asking the guest to power off");
  const options = [
    "ControlMaster=no",
    "ControlPath=none",
    "ConnectTimeout=10",
    "BatchMode=yes",
    "IdentityAgent=none",
  ];
  const asked = await context.processes.run(
    "ssh",
    [
      ...["-F", `${paths.instanceDir}/ssh.config`],
      ...options.flatMap((option) => ["-o", option]),
      `lima-${instanceName}`,
      "sudo systemctl poweroff",
    ],
    { timeoutMs: 20_000, signal: context.signal, detached: true },
  );
  if (asked.exitCode === 0) return true;
  // 255 is ssh's code for a guest that went down while it was asked, and for one that was never reached.
  return asked.exitCode === 255 && /^Connection to .* closed by remote host|Broken pipe/m.test(asked.stderr);
}
