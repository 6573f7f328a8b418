import type { Settings } from "../settings/settings.ts";
import type { HaltFact, MachineFacts } from "./facts.ts";

/** What an applier can do with the VM. Lima is the first kind of machine behind it. */
export interface Machine {
  observe(): Promise<MachineFacts>;
  /** Version of the program that runs the machine, undefined when it does not know; throws when it cannot be run. */
  version(): Promise<string | undefined>;
  createHomeDisk(sizeBytes: number): Promise<void>;
  growHomeDisk(sizeBytes: number): Promise<void>;
  deleteHomeDisk(): Promise<void>;
  create(description: MachineDescription, progress: Progress): Promise<void>;
  /** Rewrites the description of a stopped machine. */
  reconfigure(description: MachineDescription): Promise<void>;
  /** Writes the description of the machine anew, for the settings that it has already. */
  redescribe(limaYaml: string): Promise<void>;
  /** Notes which settings the machine now has; nothing else changes. */
  recordSettings(settings: Settings): Promise<void>;
  /** Notes the ascalon.json that the guest's own system was built with; null when it has none. */
  recordTold(told: unknown): Promise<void>;
  /** Returns when the machine is ready, or throws E_NOT_READY; the machine goes on booting then. */
  start(options: StartOptions, progress: Progress): Promise<void>;
  /** Waits for a boot that somebody else began. */
  waitReady(options: StartOptions, progress: Progress): Promise<void>;
  /** Lets a guest go on that was held because its disk was full; throws E_DISK_FULL while it is. */
  resume(halted: HaltFact, progress: Progress): Promise<void>;
  /** A sentence for a person when it did not end as was asked for. */
  stop(options: { readonly force: boolean }, progress: Progress): Promise<string | undefined>;
  /** Brings a machine whose processes are half gone to `stopped`, losing nothing that can be saved. */
  recover(facts: MachineFacts, progress: Progress): Promise<void>;
  /** Removes the instance and its root disk; the home disk stays. */
  delete(): Promise<void>;
  /** Makes the root disk new and keeps the description; the machine must be stopped. */
  resetRootDisk(): Promise<void>;
}

export interface MachineDescription {
  readonly limaYaml: string;
  readonly settings: Settings;
}

export interface StartOptions {
  readonly timeoutMs: number;
  readonly wait: boolean;
  readonly signal: AbortSignal;
}

/** Called with each line that tells how far the work is; a `passing` one is for the moment, and for no log. */
export type Progress = (line: string, kind?: "passing") => void;
