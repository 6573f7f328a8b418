import { type Loose, listOf, oneOf, table, text, whole } from "./loose.ts";
import {
  type CodecStatus,
  type GuiStatus,
  type LinkStatus,
  linkStates,
  type MuxStatus,
  type PendingPlan,
  type StatusFile,
  type VmStatus,
  vmStates,
} from "./status.ts";

/**
 * Parsed JSON to StatusFile. Tolerant: a newer writer's unknown words become `unknown` or `off`, unknown fields
 * are left out, and only a document without its times is refused. Never throws.
 */
export function readStatus(value: unknown): StatusFile | undefined {
  const from = table(value);
  const schema = whole(from.schema);
  const writtenAt = whole(from.writtenAt);
  const nextWriteBy = whole(from.nextWriteBy);
  if (schema === undefined || writtenAt === undefined || nextWriteBy === undefined) return undefined;
  return {
    schema,
    writtenAt,
    nextWriteBy,
    ascalon: text(from.ascalon) ?? "",
    vm: readVm(table(from.vm)),
    links: listOf(from.links, readLink),
    mux: readMux(table(from.mux)),
    gui: listOf(from.gui, readGui),
    codec: readCodec(table(from.codec)),
    generation: whole(from.generation),
    pendingPlan: typeof from.pendingPlan === "object" ? readPlan(table(from.pendingPlan)) : undefined,
    attention: listOf(from.attention, (item) => text(item)),
  };
}

const readVm = (from: Loose): VmStatus => ({
  state: oneOf(from.state, vmStates, "unknown"),
  since: whole(from.since) ?? 0,
  reason: text(from.reason),
});

function readLink(value: unknown): LinkStatus | undefined {
  const from = table(value);
  const name = text(from.name);
  if (name === undefined) return undefined;
  return {
    name,
    state: oneOf(from.state, linkStates, "off"),
    reason: text(from.reason),
    since: whole(from.since) ?? 0,
    rttMs: typeof from.rttMs === "number" ? from.rttMs : undefined,
    nextAttemptAt: whole(from.nextAttemptAt),
  };
}

const readMux = (from: Loose): MuxStatus => ({
  socketPath: text(from.socketPath) ?? "",
  codec: whole(from.codec),
  version: text(from.version),
  exe: text(from.exe),
  hijacked: from.hijacked === true,
});

function readGui(value: unknown): GuiStatus | undefined {
  const from = table(value);
  const pid = whole(from.pid);
  const codec = whole(from.codec);
  return pid === undefined || codec === undefined
    ? undefined
    : { pid, codec, version: text(from.version) ?? "of unknown version" };
}

const readCodec = (from: Loose): CodecStatus => ({
  verdict: oneOf(from.verdict, ["equal", "different", "unknown"], "unknown"),
  sentence: text(from.sentence),
  fix: text(from.fix),
});

const readPlan = (from: Loose): PendingPlan => ({
  restart: whole(from.restart) ?? 0,
  rebuild: whole(from.rebuild) ?? 0,
  recreate: whole(from.recreate) ?? 0,
});
