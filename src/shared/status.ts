/**
 * status.json: what the agent knows, written for everybody who must not ask. The plugin reads it once a second,
 * the CLI when it need not observe by itself. Atomic, 0600, rewritten on change and at the latest at nextWriteBy.
 * Times are whole unix seconds: 32-bit safe in every reader, and JSON numbers keep them exact in Lua.
 */
export const statusSchema = 1;

/** Readers stop at this size; a writer that would exceed it drops attention sentences first. */
export const statusMaxBytes = 65536;

export interface StatusFile {
  readonly schema: number;
  readonly writtenAt: number;
  /** The writer promises a newer file by then. A reader that finds the time passed treats the file as stale. */
  readonly nextWriteBy: number;
  /** Version of the ascalon that wrote the file. */
  readonly ascalon: string;
  /** Which build of that version: one that is built anew from a clone keeps its version. */
  readonly build?: string | undefined;
  readonly vm: VmStatus;
  readonly links: readonly LinkStatus[];
  readonly mux: MuxStatus;
  /** Every WezTerm GUI of this login that answered, newest first. */
  readonly gui: readonly GuiStatus[];
  readonly codec: CodecStatus;
  /** Number of the guest's active NixOS generation. */
  readonly generation?: number | undefined;
  /** Number of changed settings that wait for each kind of step; absent or all 0: nothing is pending. */
  readonly pendingPlan?: PendingPlan | undefined;
  /** The newest requests of `ascalon heal` after which every link was proved anew. */
  readonly healed?: readonly string[] | undefined;
  /** Whole sentences that a person should read, most urgent first. */
  readonly attention: readonly string[];
}

export const vmStates = [
  "absent",
  "stopped",
  "starting",
  "running",
  "stopping",
  "broken",
  "unknown",
] as const;
export type VmState = (typeof vmStates)[number];

export interface VmStatus {
  readonly state: VmState;
  readonly since: number;
  /** One clause without a period: why it is broken, or what it waits for while starting. */
  readonly reason?: string | undefined;
}

export const linkStates = ["off", "waiting", "up", "broken", "healing"] as const;
export type LinkState = (typeof linkStates)[number];

export interface LinkStatus {
  /** `mux`, `docker`, `ssh-agent`, `bridge`, or the name of an extra socket. */
  readonly name: string;
  readonly state: LinkState;
  /** One clause without a period. Present when the state is broken or waiting. */
  readonly reason?: string | undefined;
  /**
   * When the state began. A link that stopped carrying bytes for a moment has a new `since` when it is up again
   * (also when only its ssh was replaced): that is how the plugin tells a lost connection from a wanted detach.
   */
  readonly since: number;
  /** Round trip of the last proof, milliseconds. */
  readonly rttMs?: number | undefined;
  readonly nextAttemptAt?: number | undefined;
  /** What the link leads to on the host, and one clause that says why that was taken, or that there is nothing. */
  readonly target?: string | undefined;
  readonly chosen?: string | undefined;
}

export interface MuxStatus {
  /** The host end that the GUI connects to. */
  readonly socketPath: string;
  readonly codec?: number | undefined;
  readonly version?: string | undefined;
  /** Path of the server's executable, as it says itself. */
  readonly exe?: string | undefined;
  /** The server behind the socket is not the guest's (wezterm binds every unix domain of its config). */
  readonly hijacked?: boolean | undefined;
}

export interface GuiStatus {
  readonly pid: number;
  readonly codec: number;
  readonly version: string;
}

export const codecVerdicts = ["equal", "different", "unknown"] as const;
export type CodecVerdict = (typeof codecVerdicts)[number];

export interface CodecStatus {
  readonly verdict: CodecVerdict;
  /** Both versions in one sentence; present when the verdict is different. */
  readonly sentence?: string | undefined;
  /** What to do about it, one sentence; present when the verdict is different. */
  readonly fix?: string | undefined;
}

export interface PendingPlan {
  readonly restart: number;
  readonly rebuild: number;
  readonly recreate: number;
}

/** Seconds since the file should have been replaced; 0 while it is fresh. A clock set back makes it stale too. */
export function staleFor(status: StatusFile, now: number): number {
  if (now > status.nextWriteBy) return now - status.nextWriteBy;
  // Written in the future by more than a minute: the clock was set back, the promise says nothing.
  if (status.writtenAt > now + 60) return status.writtenAt - now;
  return 0;
}

/** The mux link as a fresh status tells it; undefined when there is no news. */
export function freshMux(status: StatusFile | undefined, now: number): LinkStatus | undefined {
  if (status === undefined || staleFor(status, now) > 0) return undefined;
  return linkNamed(status, "mux");
}

export function linkNamed(status: StatusFile, name: string): LinkStatus | undefined {
  for (const link of status.links) {
    if (link.name === name) return link;
  }
  return undefined;
}
