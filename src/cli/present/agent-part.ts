import { ageText } from "../../shared/age.ts";
import type { CodecStatus, GuiStatus, LinkStatus, MuxStatus } from "../../shared/status.ts";
import { staleFor } from "../../shared/status.ts";
import { type AgentStatus, isOfThisBuild } from "../agent/status-file.ts";
import { oneLine } from "../printable.ts";
import { type LinkStyle, linkLines } from "./links.ts";
import { paint } from "./paint.ts";

/** What `ascalon status` takes from the agent's status.json: of what it says, nothing unless it is fresh. */
export interface AgentPart {
  /** `stale`: it has not kept its promise to write again; `none`: it never wrote. */
  readonly state: AgentStatus["state"];
  /** Whoever wrote it last said that it was the last time: an agent that was stopped, a command that held the links. */
  readonly ended: boolean;
  readonly enabled: boolean;
  readonly version: string | null;
  /** Whether it is of the ascalon that is asked; null: it never wrote. After an upgrade the agent is the one before. */
  readonly current: boolean | null;
  readonly lateSeconds: number | null;
  readonly links: readonly LinkStatus[];
  readonly mux: MuxStatus | null;
  readonly gui: readonly GuiStatus[];
  readonly codec: CodecStatus | null;
  readonly generation: number | null;
  readonly attention: readonly string[];
}

export function agentPart(read: AgentStatus, enabled: boolean, nowSeconds: number): AgentPart {
  const written = read.state === "none" ? undefined : read.status;
  const fresh = read.state === "fresh" ? written : undefined;
  return {
    state: read.state,
    // A promise that is over as it is made.
    ended: written !== undefined && written.nextWriteBy < written.writtenAt,
    enabled,
    version: written?.ascalon ?? null,
    current: written ? isOfThisBuild(written) : null,
    lateSeconds: written ? staleFor(written, nowSeconds) : null,
    links: fresh?.links ?? [],
    mux: fresh?.mux ?? null,
    gui: fresh?.gui ?? [],
    codec: fresh?.codec ?? null,
    generation: fresh?.generation ?? null,
    attention: fresh?.attention ?? [],
  };
}

/** Rows of `ascalon status`. `vmRuns`: somebody could keep links. */
export function agentRows(part: AgentPart, vmRuns: boolean, style: LinkStyle): (readonly [string, string])[] {
  if (part.state !== "fresh") return vmRuns ? [["links", absence(part)]] : [];
  const links = linkLines(part.links, style).map((line) => ["link", line] as const);
  const codec = codecText(part);
  const attention = paint(style.colors).yellow("attention");
  return [
    ...links,
    ...(codec === undefined ? [] : [["codec", codec] as const]),
    ...(part.generation === null ? [] : [["nixos", `generation ${part.generation}`] as const]),
    ...(part.current ? [] : [[attention, upgraded] as const]),
    ...part.attention.map((sentence) => [attention, oneLine(sentence)] as const),
  ];
}

const upgraded =
  "The running agent is of another build of ascalon. Restart it: ascalon agent install (if Nix or a terminal runs it, restart it there).";

function absence({ state, ended, enabled, lateSeconds }: AgentPart): string {
  if (!enabled) return "the agent is off in the settings; links on demand: ascalon heal --hold";
  if (ended) {
    const age = ageText(lateSeconds ?? 0);
    return `what kept them up ended ${age} ago: ascalon agent install; or, until Ctrl-C: ascalon heal --hold`;
  }
  return state === "none"
    ? "no agent keeps them up: ascalon agent install"
    : `no news from the agent for ${ageText(lateSeconds ?? 0)}: ascalon agent install`;
}

function codecText({ codec, mux, gui }: AgentPart): string | undefined {
  if (codec === null || mux?.codec === undefined) return undefined;
  const guest = oneLine(`${mux.codec} in the VM (${mux.version ?? "of unknown version"})`);
  if (codec.verdict === "equal") return `${guest}, the same as WezTerm here`;
  // The sentence with both versions is among those for attention.
  if (codec.verdict === "different")
    return oneLine(`${guest}, ${gui[0]?.codec} in WezTerm here. ${codec.fix ?? ""}`);
  return `${guest}; no WezTerm window is open to compare it with`;
}
