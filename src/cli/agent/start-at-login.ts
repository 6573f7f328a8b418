import type { VmState } from "../../shared/status.ts";
import type { Clock } from "../adapters/clock.ts";

/** What `ascalon start` brings up: after a power loss pid files of other programs lie there, which looks broken. */
const startable: ReadonlySet<VmState> = new Set(["stopped", "broken", "unknown"]);

/** At login the disk is busy, and a network or a disk may come later. */
const pausesMs = [0, 15_000, 60_000] as const;

const lookMs = 1_000;

export interface LoginStart {
  readonly clock: Pick<Clock, "sleep">;
  readonly vmState: () => VmState;
  readonly startVm: () => Promise<void>;
  /** A person stopped it in this login. */
  readonly wasStopped: () => Promise<boolean>;
  readonly log: (line: string) => void;
}

/** Until the VM is on its way, or trying again would say nothing new. Throws only when the signal ends the wait. */
export async function startAtLogin(
  { clock, vmState, startVm, wasStopped, log }: LoginStart,
  signal: AbortSignal,
): Promise<void> {
  for (const pauseMs of pausesMs) {
    for (let slept = 0; slept < pauseMs; slept += lookMs) {
      await clock.sleep(lookMs, signal);
      // A person who brought it up, and may stop it again before the pause is over, means that.
      if (vmState() === "running") return;
    }
    const state = vmState();
    if (signal.aborted || !startable.has(state)) return;
    try {
      if (await wasStopped()) return log(`the VM is ${state} because a person stopped it: not started`);
      log(`starting the VM, which is ${state}, because the settings say so at login`);
      return await startVm();
    } catch (error) {
      log(`the VM could not be started: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
