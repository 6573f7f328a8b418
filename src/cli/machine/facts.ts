import type { Settings } from "../settings/settings.ts";

/** Who made what lies at LIMA_HOME/ascalon. */
export type Existence =
  | "absent"
  /** A folder of ours without lima.yaml: an interrupted create or delete. */
  | "half"
  /** A folder without lima.yaml that ascalon never began to fill. Never touched. */
  | "foreign-half"
  /** An instance without our marker. Never touched. */
  | "foreign"
  /** Ours, its `limactl create` never ended, and nothing in it was ever started. */
  | "incomplete"
  | "ours";

/** What the instance's lima.yaml is to what ascalon wrote. */
export type Description =
  | "as-written"
  /** Somebody changed it since. */
  | "edited"
  /** As it was written, and this ascalon writes another for the same settings. Observed by nobody: found by comparing. */
  | "outdated"
  /** Gone, empty or not to be known as ours, while all else of the VM is there: Lima can do nothing with it. */
  | "lost";

/**
 * The process fact alone: `running` says that both processes live, never that anything answers.
 * `leftover`: a pid file names a process that is not Lima's (the pid was reused after a crash); Lima itself says Broken.
 */
export type ProcessState = "stopped" | "starting" | "running" | "stopping" | "broken" | "leftover";

export type BrokenReason = "host-agent-gone" | "driver-gone" | "pid-files-gone";

export type SshState = "up" | "refused" | "silent" | "unknown";

/** One of Lima's two processes, from its pid file. */
export interface PidFact {
  readonly pid: number | undefined;
  readonly state: "absent" | "alive" | "stale" | "reused";
}

export interface DiskFact {
  readonly sizeBytes: number;
  /** What it really takes on the host. */
  readonly allocatedBytes: number;
}

export interface HaltFact {
  /** The least that is free where one of its disks is. */
  readonly freeBytes: number;
}

/** What is true of the VM, each fact from its own source; nothing here is inferred from another fact. */
export interface MachineFacts {
  readonly exists: Existence;
  readonly folder: string;
  readonly process: ProcessState;
  readonly brokenReason: BrokenReason | undefined;
  readonly hostAgent: PidFact;
  readonly driver: PidFact;
  readonly ssh: {
    readonly state: SshState;
    readonly port: number | undefined;
    readonly answerMs: number | undefined;
  };
  /** Whether Lima's agent in the guest answers; undefined where only Lima can ask it. */
  readonly guestAgent: boolean | undefined;
  /** Set while QEMU holds the guest still because its disk could not be written; asked only of a guest that is silent. */
  readonly halted: HaltFact | undefined;
  /** Lima's own word that the guest finished booting. */
  readonly ready: boolean;
  readonly degraded: readonly string[];
  /** Milliseconds since 1970. */
  readonly startedAt: number | undefined;
  readonly rootDisk: DiskFact | undefined;
  readonly homeDisk: DiskFact | undefined;
  /** The settings that the instance's lima.yaml was made from; undefined when the record of them is lost. */
  readonly applied: Settings | undefined;
  /**
   * The ascalon.json that the guest's own system was built with, the one that was confirmed last; null when it has none,
   * undefined when no record tells.
   */
  readonly told: unknown;
  /** Text of the instance's lima.yaml. */
  readonly limaYaml: string | undefined;
  /** Text of it as ascalon wrote it last; undefined for a VM of an ascalon that kept none. */
  readonly writtenYaml: string | undefined;
  /** undefined for what is not ours, and where nothing tells. */
  readonly description: Description | undefined;
  readonly limaVersion: string | undefined;
}

/** The one word for people. Derived, and never shown without the facts beside it. */
export type Headline =
  | "absent"
  | "stopped"
  | "starting"
  | "ready"
  | "unreachable"
  | "stopping"
  | "broken"
  | "incomplete"
  | "foreign";

/** With less a guest that is let go on would stand still again at once. */
export const haltRoomBytes = 256 * 1024 ** 2;

/** One clause without a period. */
export const haltSentence = ({ freeBytes }: HaltFact): string =>
  `QEMU paused it at a failed write to its disk; ${Math.floor(freeBytes / 1024 ** 2)} MiB are free there`;

export function headlineOf(facts: MachineFacts): Headline {
  if (facts.exists === "absent" || facts.exists === "foreign") return facts.exists;
  if (facts.exists === "foreign-half") return "foreign";
  if (facts.exists === "half" || facts.exists === "incomplete") return "incomplete";
  switch (facts.process) {
    case "running":
      return facts.ssh.state === "up" ? "ready" : "unreachable";
    case "leftover":
      return "broken";
    default:
      return facts.process;
  }
}

/**
 * The home disk's file is gone under a VM that runs: it has the file open, so /home is there as long as its process is, and
 * ending that would be the loss.
 */
export function isHomeLost({ exists, driver, process, brokenReason, homeDisk }: MachineFacts): boolean {
  if (exists !== "ours" || homeDisk !== undefined || process === "stopping") return false;
  return driver.state === "alive" || brokenReason === "pid-files-gone";
}
