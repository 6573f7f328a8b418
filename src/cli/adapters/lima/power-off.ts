import type { Progress } from "../../machine/machine.ts";
import { instanceName } from "../../paths.ts";
import type { LimaPorts } from "./limactl.ts";

/** Asks the guest over ssh, on a connection of its own. Whether it took the request. */
export async function askToPowerOff(
  { context, paths }: Omit<LimaPorts, "limactl">,
  progress: Progress,
): Promise<boolean> {
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
