import type { Context } from "../../context.ts";
import { AscalonError } from "../../errors.ts";
import { type HaltFact, haltRoomBytes, type MachineFacts } from "../../machine/facts.ts";
import type { Progress } from "../../machine/machine.ts";
import type { Paths } from "../../paths.ts";
import { quote } from "../../quote.ts";
import { homeDiskFile } from "./home-disk-file.ts";

/** QEMU answers within milliseconds, and serves one client at a time: Lima may be it. */
const answerMs = 1000;

/**
 * Whether QEMU holds the guest at a write to one of its disks that failed, as a rule because the host's disk is full
 * (`-drive werror=enospc`, its default). It does not go on by itself when there is room. undefined also where nobody
 * answers.
 */
export async function observeHalt(context: Context, paths: Paths): Promise<HaltFact | undefined> {
  const status = await askQemu(context, paths, "query-status");
  if (!/"status":\s*"io-error"/.test(status)) return undefined;
  const disks = [`${paths.instanceDir}/disk`, homeDiskFile(paths)];
  const free = await Promise.all(
    disks.map(async (disk) => context.files.freeBytes((await context.files.realPath(disk)) ?? disk)),
  );
  return { freeBytes: Math.min(...free) };
}

/** Lets the guest go on, whose write is done once more; throws E_DISK_FULL where there is no room for it. */
export async function resumeHalted(
  context: Context,
  paths: Paths,
  { freeBytes }: HaltFact,
  progress: Progress,
): Promise<void> {
  if (freeBytes < haltRoomBytes) {
    throw new AscalonError("E_DISK_FULL", {
      what: `the VM is paused: only ${Math.floor(freeBytes / 1024 ** 2)} MiB are free where its disks are`,
      why: "QEMU paused it at a write for which there was no room; nothing is lost, and it resumes from there",
      run: `df -h ${quote(paths.limaHome)}    (free space, then: ascalon up)`,
    });
  }
  progress("there is room on the disk again: resuming the VM");
  await askQemu(context, paths, "cont");
}

/** A guest that is let go on has much to write at once, and may meet a full disk again. */
export const mostResumes = 5;

export const standsStill = ({ freeBytes }: HaltFact): AscalonError =>
  new AscalonError("E_NOT_READY", {
    what: `the VM is paused: QEMU cannot write to its disk, although ${Math.floor(freeBytes / 1024 ** 2)} MiB are free there`,
    why: `it was resumed ${mostResumes} times, and each time a write failed again`,
    run: "ascalon up    (tries again; if the disk itself is broken: ascalon stop --force, then repair it)",
  });

/** QEMU's answer to a command of its machine protocol (QMP); empty when there is none. */
async function askQemu(
  { sockets }: Context,
  { instanceDir }: Pick<Paths, "instanceDir">,
  command: "query-status" | "cont",
): Promise<string> {
  const request = ["qmp_capabilities", command].map((execute) => `${JSON.stringify({ execute })}\n`).join("");
  const reply = await sockets.exchange(`${instanceDir}/qmp.sock`, Buffer.from(request), {
    timeoutMs: answerMs,
    maxBytes: 65_536,
    // The greeting has none of these, and each of the two commands one.
    until: (bytes) => [...bytes.toString("latin1").matchAll(/"(?:return|error)":/g)].length > 1,
  });
  return reply.kind === "data" ? reply.bytes.toString("latin1") : "";
}

/** Of a VM that nothing else is known to be wrong with. */
export const mayBeHalted = ({ process, ssh }: Pick<MachineFacts, "process" | "ssh">): boolean =>
  (process === "running" || process === "starting") && ssh.state !== "up";
