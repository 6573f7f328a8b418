import { AscalonError } from "../../errors.ts";
import type { StartOptions } from "../../machine/machine.ts";
import { printable } from "../../printable.ts";
import { type BootFault, consoleFault } from "./boot-fault.ts";
import { parseEventLog } from "./event-log.ts";
import { mostResumes, observeHalt, resumeHalted, standsStill } from "./halt.ts";
import { homeDiskFile } from "./home-disk-file.ts";
import type { LimaPorts } from "./limactl.ts";
import { observeInstance } from "./observe-instance.ts";

type WatchPorts = Omit<LimaPorts, "limactl">;

/** Files that a guest which boots writes to: its consoles and its disks. */
const consoles = ["serial.log", "serialv.log", "serialp.log"];

/** What the console says of a fault counts when nothing follows it for this long. */
const lastWordMs = 15_000;

/**
 * A guest that says nothing, writes nothing and does not answer for this long does not boot. Under emulation on a
 * busy host the longest that a good boot was silent is 5 s (docs/reliability.md).
 */
export const silenceMs = 180_000;

const lookMs = 1000;

/** limactl hears of the end of the boot within a second, when it hears of it. */
const deafMs = 10_000;

/**
 * Does the work of a boot and watches the guest meanwhile: a boot that cannot end is told at once and not after ten
 * minutes, and one that has ended is not waited for because limactl does not see it. Returns the fault, or undefined
 * when the VM is ready; the work is aborted by its signal where it goes on.
 */
export async function watched(
  ports: WatchPorts,
  options: StartOptions,
  work: (options: StartOptions) => Promise<void>,
): Promise<BootFault | undefined> {
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const working = work({ ...options, signal }).then(() => undefined);
  const watching = watchBoot(ports, signal)
    .catch((error) => {
      if (error instanceof AscalonError && isOfHalt(error)) throw error;
      // It is there to help: what it cannot read is no reason to fail.
      return "aborted" as const;
    })
    .then((seen) => {
      if (seen === "ready") return undefined;
      // Whoever is interrupted hears it from the work.
      return seen === "aborted" ? working : seen;
    });
  try {
    return await Promise.race([working, watching]);
  } finally {
    over.abort();
    // Both end now; a limactl left behind would keep ascalon from ending.
    await Promise.allSettled([working, watching]);
  }
}

const isOfHalt = ({ code }: AscalonError): boolean => code === "E_DISK_FULL" || code === "E_NOT_READY";

async function watchBoot(ports: WatchPorts, signal: AbortSignal): Promise<BootFault | "ready" | "aborted"> {
  const { context, paths } = ports;
  let seen = "";
  let quietMs = 0;
  let readyMs = 0;
  let resumed = 0;
  let lookedAt = context.clock.monotonic();
  while (await context.clock.sleep(lookMs, signal).then(ok, aborted)) {
    const now = context.clock.monotonic();
    // A host that slept, or stood still, was not watching: that time does not count.
    const passed = Math.min(now - lookedAt, 2 * lookMs);
    lookedAt = now;
    const trace = await traceOf(ports);
    quietMs = trace === seen ? quietMs + passed : 0;
    seen = trace;
    readyMs = (await saysReady(ports)) ? readyMs + passed : 0;
    if (readyMs >= deafMs) {
      const { ready, ssh } = await observeInstance(context, paths, 2000);
      if (ready && ssh.state === "up") return "ready";
    }
    if (quietMs < lastWordMs) continue;
    const fault = consoleFault(await consoleText(ports));
    if (fault) return fault;
    const halted = await observeHalt(context, paths);
    if (halted) {
      if (resumed === mostResumes) throw standsStill(halted);
      resumed += 1;
      await resumeHalted(context, paths, halted, () => {});
      quietMs = 0;
      continue;
    }
    if (quietMs < silenceMs) continue;
    const facts = await observeInstance(context, paths, 2000);
    if (facts.process === "starting" && facts.ssh.state !== "up") {
      const seconds = Math.round(silenceMs / 1000);
      return {
        kind: "silent",
        words: `it wrote nothing to its console or disks for ${seconds} s, and ssh does not answer`,
      };
    }
    // It answers: what it does may take as long as it likes.
    quietMs = 0;
  }
  return "aborted";
}

/** What the host agent said last; whether it lives is asked once this has stood for a while. */
async function saysReady({ context, paths }: WatchPorts): Promise<boolean> {
  const tail = await context.files.readTail(`${paths.instanceDir}/ha.stdout.log`, 8192);
  return parseEventLog(tail ?? "")?.ready === true;
}

const ok = (): boolean => true;
const aborted = (): boolean => false;

/** Changes whenever the guest does something that the host can see. */
async function traceOf({ context, paths }: WatchPorts): Promise<string> {
  const files = [...[...consoles, "disk"].map((name) => `${paths.instanceDir}/${name}`), homeDiskFile(paths)];
  // A disk that was moved to another volume is a symlink here, and what the guest writes is seen at its end.
  const infos = await Promise.all(
    files.map(async (path) => context.files.info((await context.files.realPath(path)) ?? path)),
  );
  return infos.map((info) => `${info?.sizeBytes}:${info?.modifiedAt}`).join(" ");
}

async function consoleText({ context, paths }: WatchPorts): Promise<string> {
  const tails = await Promise.all(
    consoles.map((name) => context.files.readTail(`${paths.instanceDir}/${name}`, 64 * 1024)),
  );
  const lines = tails.flatMap((tail) => (tail ?? "").split("\n"));
  return lines.map(printable).join("\n");
}
