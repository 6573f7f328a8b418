import { compareCodecs } from "../../shared/codec.ts";
import {
  type GuiStatus,
  type LinkStatus,
  type StatusFile,
  statusSchema,
  type VmStatus,
} from "../../shared/status.ts";
import type { CodecVersion } from "../mux/messages.ts";

export interface Observation {
  /** Whole unix seconds. */
  readonly now: number;
  readonly version: string;
  readonly muxSocket: string;
  readonly vm: Pick<VmStatus, "state" | "reason">;
  /** What answered at the mux socket; a text is the reason why nothing did. */
  readonly mux: CodecVersion | string;
  readonly guis: readonly GuiStatus[];
}

/** How long an answer to a question holds, seconds. */
const holdsFor = 5;

/** The status document of a moment, made without the agent: the VM and the mux link, no more. Pure. */
export function observedStatus(seen: Observation): StatusFile {
  const { now, mux } = seen;
  const guest = typeof mux === "string" ? undefined : mux;
  return {
    schema: statusSchema,
    writtenAt: now,
    nextWriteBy: now + holdsFor,
    ascalon: seen.version,
    vm: { ...seen.vm, since: now },
    links: [muxLink(now, mux)],
    mux: {
      socketPath: seen.muxSocket,
      ...(guest ? { codec: guest.codec, version: guest.version, exe: guest.exe } : {}),
    },
    gui: seen.guis,
    codec: compareCodecs(seen.guis[0], guest),
    attention: [],
  };
}

/** Without an agent nobody heals the link: what does not answer is off, and `up --attach` makes it. */
function muxLink(now: number, mux: CodecVersion | string): LinkStatus {
  return typeof mux === "string"
    ? { name: "mux", state: "off", reason: mux, since: now }
    : { name: "mux", state: "up", since: now };
}
