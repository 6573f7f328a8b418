import type { Clock } from "../adapters/clock.ts";
import type { LongOptions, LongProcess, RunResult } from "../adapters/process.ts";
import type { SshTarget } from "../ssh/target.ts";
import type { Link, RefusedLink } from "./link.ts";

/** `problem`: no link can be made, a clause says why. `refused`: these cannot, the others can. */
export interface Prepared {
  readonly problem?: string | undefined;
  readonly refused: readonly RefusedLink[];
}

export interface SupervisorPort {
  startSsh(args: readonly string[], options: LongOptions): LongProcess;
  /** Runs ssh to its end, or that of the signal. */
  runSsh(
    args: readonly string[],
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<Pick<RunResult, "exitCode" | "stdout" | "stderr" | "timedOut">>;
  /** Read anew for each ssh: a started VM has another port. undefined: it does not run. */
  target(): Promise<SshTarget | undefined>;
  /** Whether an ssh server says its first line at that port of this machine. */
  greets(port: number): Promise<boolean>;
  /** Something that changes when another socket takes the path's place; undefined when nothing is there. */
  identity(path: string): Promise<string | undefined>;
  /** Makes the host's folder and symlinks ready for these links. */
  prepare(links: readonly Link[]): Promise<Prepared>;
  readonly clock: Clock;
}

export type SupervisorEvent =
  | { readonly kind: "vm-away"; readonly reason: string; readonly nextAttemptAt: number }
  | { readonly kind: "starting" }
  /** Which links the newest ssh does not carry, and why: something lies in their way, or they could not be made. */
  | { readonly kind: "refused"; readonly refused: readonly RefusedLink[]; readonly nextAttemptAt: number }
  /** `links`: what it was asked for; those that are told as refused it does not carry. */
  | { readonly kind: "ready"; readonly pid: number | undefined; readonly links: readonly Link[] }
  | { readonly kind: "gone"; readonly reason: string; readonly nextAttemptAt: number }
  /** A second ssh did not come about; the first one goes on. */
  | { readonly kind: "kept" };

export interface Supervisor {
  /**
   * Makes all forwards anew: a second ssh beside the first, which then ends with the last connection it carries.
   * How another set of links takes effect.
   */
  renew(): void;
  /** The same for sockets that are gone: nothing more, when that is being done already. */
  remake(): void;
  /**
   * Nothing comes through the ssh that is there. Another one is made beside it, which is more work for the VM than any
   * answer: when that carries the links and the first one is still silent, it was dead and not slow, and is ended.
   */
  replace(): void;
  /** A link was proved; `byCurrent`: for certain through the ssh that is there, and not one that is being made. */
  proved(byCurrent: boolean): void;
  /** Resolves when a line has been to the guest and back through the ssh that is there; undefined: it cannot be asked. */
  echo(): Promise<void> | undefined;
  /** Tries at once instead of after the backoff. */
  nudge(): void;
  /** Nothing new is made; an ssh ends at once, or with the last connection that it carries. */
  stop(): Promise<void>;
}
