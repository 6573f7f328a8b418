import type { Context } from "../../context.ts";
import type { BrokenReason, MachineFacts, PidFact, ProcessState, SshState } from "../../machine/facts.ts";
import type { Paths } from "../../paths.ts";
import type { Settings } from "../../settings/settings.ts";
import type { SocketReply } from "../sockets.ts";
import { bootStateOf } from "./boot-state.ts";
import { readDiskImage } from "./disk-image.ts";
import type { BootState } from "./event-log.ts";
import { findExistence } from "./existence.ts";
import { mayBeHalted, observeHalt } from "./halt.ts";
import { homeDiskFile } from "./home-disk-file.ts";
import { isMarked } from "./marker.ts";
import { observeProcesses, runsUnnamed } from "./observe-processes.ts";

/** Beside lima.yaml: the settings the instance was made from. Ends in .yaml because factory-reset keeps those. */
export const appliedFile = "ascalon-applied.yaml";

/** Beside it: lima.yaml as ascalon wrote it last, to tell and to undo what somebody did to it since. */
export const writtenFile = "ascalon-lima.yaml";

/** What the guest's system was told. Not kept by factory-reset, which takes that system away. */
export const toldFile = "ascalon-told.json";

/**
 * Every fact of the VM from Lima's own files and sockets (lima pkg/limatype/filenames), without starting a
 * program: a few reads, and one connection to the ssh port that waits for the guest's banner.
 */
export async function observeInstance(
  context: Context,
  paths: Paths,
  sshWaitMs = 2000,
): Promise<MachineFacts> {
  const folder = paths.instanceDir;
  const at = (name: string): string => `${folder}/${name}`;
  const { files } = context;
  // First, so that the guest answers while the files are read: its answer takes longer than all of them.
  const greeting = askGuestAgent(context, folder, sshWaitMs);
  const { hostAgent, driver, driverFile, isVz } = await observeProcesses(context, folder);
  // Only now: a host agent that lives has begun its log anew, so no word of an earlier one is taken for its own.
  const [folderInfo, yaml, writtenYaml, record, told, log, sshConfig, limaVersion, rootDisk, homeDisk] =
    await Promise.all([
      files.info(folder),
      files.readText(at("lima.yaml")),
      files.readText(at(writtenFile)),
      files.readText(at(appliedFile)),
      files.readText(at(toldFile)),
      files.readTail(at("ha.stdout.log"), 8192),
      files.readText(at("ssh.config")),
      files.readText(at("lima-version")),
      readDiskImage(at("disk"), files),
      readDiskImage(homeDiskFile(paths), files),
    ]);
  const boot = await bootStateOf(context, folder, log, hostAgent.state === "alive");
  const isUnnamed =
    hostAgent.state !== "alive" && driver.state !== "alive" && (await runsUnnamed(context, folder));
  const process = isUnnamed ? "broken" : processStateOf(hostAgent, driver, boot);
  const port = process === "running" || process === "starting" ? portOf(sshConfig) : undefined;
  const { ssh, guestAgent } = await observeGuest(context, greeting, port, isVz, sshWaitMs);
  const isSilent = !isVz && mayBeHalted({ process, ssh: { ...ssh, port } });
  // Of an empty one, which a full disk or a power loss may leave, Lima makes nothing either.
  const limaYaml = yaml?.trim() === "" ? undefined : yaml;
  const applied = parseApplied(record);
  const { exists, description } = await findExistence(context, paths, {
    hasFolder: folderInfo !== undefined,
    limaYaml,
    writtenYaml,
    isWhole: rootDisk !== undefined && (applied !== undefined || isMarked(writtenYaml ?? "")),
    wasMade: record !== undefined || log !== undefined,
  });
  return {
    exists,
    folder,
    process,
    brokenReason: isUnnamed ? "pid-files-gone" : brokenReasonOf(process, hostAgent),
    hostAgent,
    driver,
    ssh: { ...ssh, port },
    guestAgent,
    halted: isSilent ? await observeHalt(context, paths) : undefined,
    ready: process === "running" && boot.ready,
    degraded: process === "running" ? boot.errors : [],
    startedAt: driver.state === "alive" ? (await files.info(driverFile))?.modifiedAt : undefined,
    rootDisk,
    homeDisk,
    applied,
    told: parseTold(told),
    limaYaml,
    writtenYaml,
    description,
    limaVersion: limaVersion?.trim(),
  };
}

function processStateOf(hostAgent: PidFact, driver: PidFact, boot: BootState): ProcessState {
  if (hostAgent.state === "alive") {
    if (boot.exiting) return "stopping";
    if (driver.state === "alive") return boot.ready ? "running" : "starting";
    return boot.ready ? "broken" : "starting";
  }
  if (driver.state === "alive") return "broken";
  return hostAgent.state === "reused" || driver.state === "reused" ? "leftover" : "stopped";
}

function brokenReasonOf(process: ProcessState, hostAgent: PidFact): BrokenReason | undefined {
  if (process !== "broken") return undefined;
  return hostAgent.state === "alive" ? "driver-gone" : "host-agent-gone";
}

function portOf(sshConfig: string | undefined): number | undefined {
  const match = /^\s*Port (\d+)\s*$/m.exec(sshConfig ?? "");
  return match ? Number(match[1]) : undefined;
}

/** A guest agent that runs says hello (HTTP/2 SETTINGS) within milliseconds, under emulation within tens of them. */
const agentWaitMs = 250;

interface Greeting {
  readonly reply: SocketReply;
  readonly answerMs: number;
}

async function askGuestAgent({ clock, sockets }: Context, folder: string, waitMs: number): Promise<Greeting> {
  const began = clock.monotonic();
  const reply = await sockets.exchange(`${folder}/ga.sock`, new Uint8Array(), {
    timeoutMs: Math.min(agentWaitMs, waitMs),
    maxBytes: 1,
  });
  return { reply, answerMs: clock.monotonic() - began };
}

/**
 * Two proofs that bytes come back from the guest. Lima's ga.sock leads to the guest agent, which speaks first; on
 * QEMU that way goes through Lima's own ssh connection, so its answer proves ssh too, ten times sooner than a new
 * sshd can. Else only sshd's banner counts: QEMU's port forward accepts connections whatever the guest does.
 */
async function observeGuest(
  context: Context,
  greeting: Promise<Greeting>,
  port: number | undefined,
  isVz: boolean,
  waitMs: number,
) {
  const nothing = {
    guestAgent: false as boolean | undefined,
    ssh: { state: "unknown" as SshState, answerMs: undefined },
  };
  if (port === undefined) return nothing;
  const { reply, answerMs } = await greeting;
  // On vz Lima reaches the guest agent by vsock and makes no ga.sock: nobody but the host agent can ask it.
  const guestAgent = reply.kind === "data" ? true : isVz ? undefined : false;
  if (guestAgent && !isVz) return { guestAgent, ssh: { state: "up" as SshState, answerMs } };
  const began = context.clock.monotonic();
  const answer = await context.sockets.probeTcpBanner(port, { timeoutMs: waitMs, maxBytes: 256 });
  if (answer.kind === "data" && answer.bytes.toString("latin1").startsWith("SSH-")) {
    return { guestAgent, ssh: { state: "up" as SshState, answerMs: context.clock.monotonic() - began } };
  }
  const state: SshState = answer.kind === "refused" ? "refused" : "silent";
  return { guestAgent, ssh: { state, answerMs: undefined } };
}

function parseTold(text: string | undefined): unknown {
  try {
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    return typeof value === "object" ? value : undefined;
  } catch {
    return undefined;
  }
}

function parseApplied(text: string | undefined): Settings | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return typeof value === "object" && value !== null && "vm" in value ? (value as Settings) : undefined;
  } catch {
    return undefined;
  }
}
