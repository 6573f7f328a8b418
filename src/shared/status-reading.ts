import { asRecord, asText, asWhole, type Loose, listOf, oneOf } from "./loose.ts";
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
  const from = asRecord(value);
  const schema = asWhole(from.schema);
  const writtenAt = asWhole(from.writtenAt);
  const nextWriteBy = asWhole(from.nextWriteBy);
  if (schema === undefined || writtenAt === undefined || nextWriteBy === undefined) return undefined;
  return {
    schema,
    writtenAt,
    nextWriteBy,
    ascalon: asText(from.ascalon) ?? "",
    vm: readVm(asRecord(from.vm)),
    links: listOf(from.links, readLink),
    mux: readMux(asRecord(from.mux)),
    gui: listOf(from.gui, readGui),
    codec: readCodec(asRecord(from.codec)),
    generation: asWhole(from.generation),
    pendingPlan: typeof from.pendingPlan === "object" ? readPlan(asRecord(from.pendingPlan)) : undefined,
    attention: listOf(from.attention, asText),
  };
}

const readVm = (from: Loose): VmStatus => ({
  state: oneOf(from.state, vmStates, "unknown"),
  since: asWhole(from.since) ?? 0,
  reason: asText(from.reason),
});

function readLink(value: unknown): LinkStatus | undefined {
  const from = asRecord(value);
  const name = asText(from.name);
  if (name === undefined) return undefined;
  return {
    name,
    state: oneOf(from.state, linkStates, "off"),
    reason: asText(from.reason),
    since: asWhole(from.since) ?? 0,
    rttMs: typeof from.rttMs === "number" ? from.rttMs : undefined,
    nextAttemptAt: asWhole(from.nextAttemptAt),
    target: asText(from.target),
    chosen: asText(from.chosen),
  };
}

const readMux = (from: Loose): MuxStatus => ({
  socketPath: asText(from.socketPath) ?? "",
  codec: asWhole(from.codec),
  version: asText(from.version),
  exe: asText(from.exe),
  hijacked: from.hijacked === true,
});

function readGui(value: unknown): GuiStatus | undefined {
  const from = asRecord(value);
  const pid = asWhole(from.pid);
  const codec = asWhole(from.codec);
  if (pid === undefined || codec === undefined) return undefined;
  return { pid, codec, version: asText(from.version) ?? "of unknown version" };
}

const readCodec = (from: Loose): CodecStatus => ({
  verdict: oneOf(from.verdict, ["equal", "different", "unknown"], "unknown"),
  sentence: asText(from.sentence),
  fix: asText(from.fix),
});

const readPlan = (from: Loose): PendingPlan => ({
  restart: asWhole(from.restart) ?? 0,
  rebuild: asWhole(from.rebuild) ?? 0,
  recreate: asWhole(from.recreate) ?? 0,
});
