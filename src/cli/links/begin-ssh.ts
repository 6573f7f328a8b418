import type { HoldChoice } from "./choose-hold.ts";
import { type Generation, type GenerationOptions, startGeneration } from "./generation.ts";
import { watchListening } from "./listening.ts";
import { withinAwake } from "./pause.ts";
import { reasonText } from "./ssh-reasons.ts";
import type { SupervisorPort } from "./supervisor-port.ts";

export interface Attempt extends Pick<GenerationOptions, "to" | "links" | "onComplaint"> {
  readonly holds: HoldChoice;
  /** Links are carried meanwhile. */
  readonly carries: boolean;
  readonly isDenied: (name: string) => boolean;
  readonly isOver: () => boolean;
  readonly onStart: (generation: Generation) => void;
}

/** Starts an ssh and waits until it carries bytes. A clause: it does not, and is gone. undefined: nobody wants one. */
export async function beginSsh(
  port: SupervisorPort,
  { to, links, holds, carries, isDenied, isOver, onStart, onComplaint }: Attempt,
): Promise<Generation | string | undefined> {
  const hold = holds.next(carries);
  const listening = await watchListening(port, { hold, links, isDenied });
  if (isOver()) return undefined;
  const generation = startGeneration({ to, links, hold, start: port.startSsh, onComplaint });
  onStart(generation);
  const patienceMs = holds.patienceMs();
  const outcome = await withinAwake(port.clock, patienceMs, generation.begun, ...listening(generation));
  if (outcome === "ready" && !isOver()) {
    holds.ready();
    return generation;
  }
  generation.kill("SIGKILL");
  const reason = await generation.ended;
  // A login shell that cannot even run `cat` must not cost the links.
  holds.failed(hold, outcome === "timeout" ? outcome : reason);
  const isLate = outcome === "timeout" && `a login in the VM takes longer than ${patienceMs / 1000} s`;
  return isLate || reasonText(reason);
}
