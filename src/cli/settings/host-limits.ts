import type { Problem } from "./problem.ts";
import type { Filled, Written } from "./schema.ts";
import type { HostFacts, Settings } from "./settings.ts";
import { sizeText } from "./size-text.ts";
import { sizeToBytes } from "./values.ts";

export interface HostLimits {
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly type: Settings["vm"]["type"];
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

/** A default that the host cannot give is lowered, with a note; a written value that it cannot give is refused. */
export function resolveHostLimits(written: Written, filled: Filled, host: HostFacts): HostLimits {
  const notes: string[] = [];
  const problems: Problem[] = [];

  let cpus = filled.vm.cpus;
  if (cpus > host.cpus) {
    if (written.vm?.cpus === undefined) {
      notes.push(`vm.cpus is ${host.cpus} instead of the default ${cpus}: this host has no more`);
      cpus = host.cpus;
    } else {
      problems.push({ path: ["vm", "cpus"], message: `${cpus} is more than this host has (${host.cpus})` });
    }
  }

  let memoryBytes = sizeToBytes(filled.vm.memory);
  if (written.vm?.memory !== undefined) {
    if (memoryBytes > host.memoryBytes) {
      const message = `${filled.vm.memory} is more than this host has (${sizeText(host.memoryBytes)})`;
      problems.push({ path: ["vm", "memory"], message });
    }
  } else if (memoryBytes > threeQuarters(host.memoryBytes)) {
    memoryBytes = threeQuarters(host.memoryBytes);
    notes.push(
      `vm.memory is ${sizeText(memoryBytes)} instead of the default ${filled.vm.memory}: three quarters of this host's`,
    );
  }

  const isMac = host.platform === "darwin";
  if (filled.vm.type === "vz" && !isMac) {
    problems.push({ path: ["vm", "type"], message: "vz exists on macOS only, use auto or qemu" });
  }
  const type = filled.vm.type === "auto" ? (isMac ? "vz" : "qemu") : filled.vm.type;
  return { cpus, memoryBytes, type, notes, problems };
}

/** Rounded down to whole GiB, or to 256 MiB on a host so small that a GiB matters. */
function threeQuarters(bytes: number): number {
  const share = bytes * 0.75;
  const step = share >= 4 * 1024 ** 3 ? 1024 ** 3 : 256 * 1024 ** 2;
  return Math.max(step, Math.floor(share / step) * step);
}
