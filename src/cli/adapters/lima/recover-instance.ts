import type { Context } from "../../context.ts";
import type { MachineFacts } from "../../machine/facts.ts";
import type { Progress } from "../../machine/machine.ts";
import { instanceName, type Paths } from "../../paths.ts";
import type { Limactl } from "./limactl.ts";
import { observeInstance } from "./observe-instance.ts";

interface Ports {
  readonly context: Context;
  readonly paths: Paths;
  readonly limactl: Limactl;
}

/** How long a guest whose host agent is gone gets to power itself off before QEMU is killed. */
const powerOffMs = 90_000;

/**
 * Brings a broken instance to `stopped`. Lima's own way is `stop --force`, which SIGKILLs QEMU under a running
 * guest: the guest is asked to power off first, over ssh, so that its disks are clean.
 */
export async function recoverInstance(ports: Ports, facts: MachineFacts, progress: Progress): Promise<void> {
  if (facts.process === "leftover") {
    await clearLeftovers(ports, facts, progress);
    return;
  }
  if (facts.brokenReason === "host-agent-gone" && (await powerOff(ports, progress))) {
    progress("the guest powered itself off");
  }
  const now = await observeInstance(ports.context, ports.paths, 0);
  if (now.process === "broken" || now.process === "starting") {
    await ports.limactl(["stop", "--force", instanceName], {
      verb: "end the remains of the VM",
      timeoutMs: 60_000,
      onMessage: progress,
    });
  }
}

/**
 * The pid files name processes of other programs. `limactl stop --force` would SIGKILL those (lima#5075), so only
 * the files go, and only the ones that are proved not to be Lima's.
 */
async function clearLeftovers(
  { context, paths }: Ports,
  facts: MachineFacts,
  progress: Progress,
): Promise<void> {
  const files: string[] = [];
  if (facts.hostAgent.state === "reused") files.push("ha.pid", "ha.sock");
  if (facts.driver.state === "reused") files.push("qemu.pid", "vz.pid");
  for (const name of files) await context.files.remove(`${paths.instanceDir}/${name}`);
  progress(`removed ${files.join(", ")}: left from before a crash, the pids are other programs' now`);
}

async function powerOff({ context, paths }: Ports, progress: Progress): Promise<boolean> {
  progress("asking the guest to power off");
  const asked = await context.processes.run(
    "ssh",
    [
      ...["-F", `${paths.instanceDir}/ssh.config`, "-o", "ControlMaster=no", "-o", "ControlPath=none"],
      ...[
        "-o",
        "ConnectTimeout=10",
        "-o",
        "BatchMode=yes",
        `lima-${instanceName}`,
        "sudo systemctl poweroff",
      ],
    ],
    { timeoutMs: 20_000 },
  );
  if (asked.exitCode !== 0 && asked.exitCode !== 255) return false;
  const until = context.clock.monotonic() + powerOffMs;
  while (context.clock.monotonic() < until) {
    const facts = await observeInstance(context, paths, 0);
    if (facts.driver.state !== "alive") return true;
    await context.clock.sleep(250, context.signal);
  }
  return false;
}
