import { asRecord, asText, listOf } from "../../shared/loose.ts";
import { type LinkStatus, type StatusFile, staleFor, statusMaxBytes } from "../../shared/status.ts";
import { readStatus } from "../../shared/status-reading.ts";
import type { Files } from "../adapters/files.ts";
import type { Context } from "../context.ts";
import { build, version } from "../version.ts";

const textOf = (status: StatusFile): string => `${JSON.stringify(status)}\n`;

/** What a reader cannot do without. */
const bare = ({ target: _target, chosen: _chosen, reason, ...link }: LinkStatus): LinkStatus => ({
  ...link,
  ...(reason === undefined ? {} : { reason: reason.slice(0, 40) }),
});

/** Drops attention sentences from the end until the document fits what readers take, and then what explains links. */
export function statusText(status: StatusFile): string {
  for (let kept = status.attention.length; kept >= 0; kept -= 1) {
    const text = textOf({ ...status, attention: status.attention.slice(0, kept) });
    if (Buffer.byteLength(text) <= statusMaxBytes) return text;
  }
  return textOf({ ...status, attention: [], links: status.links.map(bare) });
}

export interface StatusWriter {
  /** Atomic, 0600, and soon written again, so it need not outlive the power. A full disk or a removed folder is told once and tried again with the next write. */
  write(status: StatusFile): Promise<void>;
}

export function createStatusWriter(
  files: Pick<Files, "writeAtomic">,
  path: string,
  log: (line: string) => void,
): StatusWriter {
  let failing: string | undefined;
  return {
    write: async (status) => {
      try {
        await files.writeAtomic(path, statusText(status), 0o600, { fsync: false });
        if (failing !== undefined) log(`${path} can be written again`);
        failing = undefined;
      } catch (error) {
        const why = (error as NodeJS.ErrnoException).code ?? String(error);
        if (why !== failing) log(`${path} cannot be written: ${why}`);
        failing = why;
      }
    },
  };
}

/** `stale`: whoever wrote it broke its promise to write again, so what it says may be over. */
export type AgentStatus =
  | { readonly state: "none" }
  | { readonly state: "fresh" | "stale"; readonly status: StatusFile };

/** What the agent last wrote; a file that cannot be understood counts as none. */
export async function readAgentStatus(
  { files, clock }: Pick<Context, "files" | "clock">,
  path: string,
): Promise<AgentStatus> {
  try {
    const text = await files.readText(path);
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    const known = readStatus(value);
    if (!known) return { state: "none" };
    // Read here alone: the plugin, which shares the rest, has no use for it.
    const { build, healed } = asRecord(value);
    const status = { ...known, build: asText(build), healed: listOf(healed, asText) };
    return { state: staleFor(status, Math.floor(clock.now() / 1000)) === 0 ? "fresh" : "stale", status };
  } catch {
    return { state: "none" };
  }
}

type Writer = Pick<StatusFile, "ascalon" | "build">;

/** Whether the ascalon that wrote it is the one that runs here. */
export const isOfThisBuild = (writer: Writer): boolean =>
  writer.ascalon === version && writer.build === build;

/** The ascalon that runs here, to follow the version of another one in a sentence. */
export const thisBuildWords = ({ ascalon }: Writer): string =>
  ascalon === version ? "another build of it" : version;
