import { forgotten, type ReattachMemory } from "../shared/reattach.ts";
import { recall, remember } from "./memory.ts";

export function recallReattach(): ReattachMemory {
  return {
    wanted: recall("wanted"),
    linkSince: recall("link_since"),
    lostAt: recall("lost_at"),
    attempts: recall("attempts"),
    nextAt: recall("next_at"),
  };
}

export function rememberReattach(memory: ReattachMemory): void {
  remember("wanted", memory.wanted);
  remember("link_since", memory.linkSince);
  remember("lost_at", memory.lostAt);
  remember("attempts", memory.attempts);
  remember("next_at", memory.nextAt);
}

/** The VM is attached again when somebody asks for it. */
export function forget(): void {
  rememberReattach(forgotten);
  remember("wish", 0);
}
