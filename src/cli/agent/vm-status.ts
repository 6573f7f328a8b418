import type { VmState } from "../../shared/status.ts";
import { type Headline, haltSentence, headlineOf, type MachineFacts } from "../machine/facts.ts";

export interface ObservedVm {
  readonly state: VmState;
  /** One clause without a period. */
  readonly reason: string | undefined;
}

const states = {
  absent: "absent",
  foreign: "absent",
  stopped: "stopped",
  starting: "starting",
  ready: "running",
  unreachable: "running",
  stopping: "stopping",
  broken: "broken",
  incomplete: "broken",
} as const satisfies Record<Headline, VmState>;

const reasons: Partial<Record<Headline, string>> = {
  foreign: "an instance of that name is not ascalon's",
  unreachable: "its ssh does not answer",
  incomplete: "a create or delete was interrupted",
  broken: "one of its two processes is gone, or the files that name them",
};

/** Lima calls a VM running long before its guest has booted: until it was ready once, it is starting. */
export function vmStatusOf(facts: MachineFacts): ObservedVm {
  const headline = headlineOf(facts);
  if ((headline === "ready" || headline === "unreachable") && !facts.ready) {
    return {
      state: "starting",
      reason: facts.ssh.state === "up" ? "waiting for the guest to finish booting" : "waiting for ssh",
    };
  }
  if (facts.halted) return { state: states[headline], reason: haltSentence(facts.halted) };
  return { state: states[headline], reason: reasons[headline] };
}
