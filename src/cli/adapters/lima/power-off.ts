import type { Progress } from "../../machine/machine.ts";
import { instanceName } from "../../paths.ts";
import type { LimaPorts } from "./limactl.ts";

/** What Lima gives a guest on QEMU, and systemd a service that does not end, twice. */
export const shutdownMs = 180_000;

/** A guest that greets and is busy may take long for a login. */
const loginMs = 60_000;

/**
 * `unanswered`: it was not reached in time, and may be slow, in the middle of a boot, or going down already.
 * `unreachable`: nobody will be: nothing listens, or ssh does not know where. `refused`: it does not take the request.
 */
export type PowerOffAnswer = "asked" | "unanswered" | "unreachable" | "refused";

/** Asks the guest over ssh, on a connection of its own. */
export async function askToPowerOff(
  { context, paths }: Omit<LimaPorts, "limactl">,
  progress: Progress,
): Promise<PowerOffAnswer> {
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
    { timeoutMs: loginMs, signal: context.signal, detached: true },
  );
  if (asked.exitCode === 0) return "asked";
  if (asked.timedOut) return "unanswered";
  // 255 is ssh's code for a guest that went down while it was asked, and for one that was never reached.
  if (asked.exitCode !== 255) return "refused";
  if (/^Connection to .* closed by remote host|Broken pipe/m.test(asked.stderr)) return "asked";
  if (/Permission denied/.test(asked.stderr)) return "refused";
  return /timed out|Connection (?:closed|reset)/.test(asked.stderr) ? "unanswered" : "unreachable";
}
