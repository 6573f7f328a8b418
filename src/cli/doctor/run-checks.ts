import type { Clock } from "../adapters/clock.ts";
import { AscalonError } from "../errors.ts";
import { within } from "../links/pause.ts";
import { agent } from "./agent.ts";
import type { Check, DoctorPort, Finding } from "./check.ts";
import { clock } from "./clock.ts";
import { codec } from "./codec.ts";
import { homeDisk, rootDisk } from "./disks.ts";
import { hostDisk } from "./host-disk.ts";
import { hostTools } from "./host-tools.ts";
import { guestAgent, instance } from "./instance.ts";
import { limaOverrides, limaVersion } from "./lima.ts";
import { links } from "./links.ts";
import { mounts } from "./mounts.ts";
import { pathLengths } from "./path-lengths.ts";
import { settingsAreValid } from "./settings.ts";
import { sockets } from "./sockets.ts";
import { ssh } from "./ssh.ts";
import { wezTermPlugin } from "./wezterm-plugin.ts";

/** In the order in which a person would look: what a later one needs is looked at by an earlier one. */
export const checks: readonly Check[] = [
  hostTools,
  limaVersion,
  limaOverrides,
  settingsAreValid,
  mounts,
  pathLengths,
  hostDisk,
  instance,
  ssh,
  guestAgent,
  agent,
  sockets,
  links,
  codec,
  wezTermPlugin,
  clock,
  homeDisk,
  rootDisk,
];

const timeoutMs = 10_000;

async function runOne(one: Check, port: DoctorPort, time: Clock): Promise<readonly Finding[]> {
  try {
    const found = await within(time, timeoutMs, one.run(port));
    if (found !== "timeout") return found;
    return [
      { id: one.id, verdict: "problem", evidence: `the check did not end within ${timeoutMs / 1000} s` },
    ];
  } catch (error) {
    if (error instanceof AscalonError) {
      const fix = error.run === undefined ? {} : { fix: error.run };
      return [{ id: one.id, verdict: "problem", evidence: error.message, ...fix }];
    }
    const why = error instanceof Error ? error.message : String(error);
    return [{ id: one.id, verdict: "problem", evidence: `the check itself failed: ${why}` }];
  }
}

/** Every check, whatever the others find. */
export async function runChecks(
  port: DoctorPort,
  which: readonly Check[] = checks,
): Promise<readonly Finding[]> {
  const found = await Promise.all(which.map((one) => runOne(one, port, port.context.clock)));
  return found.flat();
}
