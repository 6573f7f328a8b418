import type { Context } from "../context.ts";
import { agentLogFiles, type Paths } from "../paths.ts";
import type { ParseLine } from "./entry.ts";
import { hostAgentLine, serialLine, stampedLine } from "./parse-lines.ts";

export interface HostLog {
  readonly path: string;
  readonly parse: ParseLine;
}

export interface Topic {
  readonly files: readonly HostLog[];
  /** What journalctl is asked for in the guest; undefined: nothing. */
  readonly journal: readonly string[] | undefined;
}

/** Units by which a rebuild can be followed in the guest. */
const rebuildUnits = ["ascalon-switch", "ascalon-rollback", "ascalon-rollback-resume", "ascalon-home-disk"];

/** What a word of `ascalon logs` shows; any other word is a unit of the guest. */
export function topicOf(
  word: string | undefined,
  paths: Paths,
  host: Context["host"],
  startedMs: number,
): Topic {
  const lifecycle: HostLog = { path: `${paths.logDir}/lifecycle.log`, parse: stampedLine("lifecycle") };
  const agent = agentLogFiles(paths, host).map((path): HostLog => ({ path, parse: stampedLine("agent") }));
  const lima: HostLog = { path: `${paths.instanceDir}/ha.stderr.log`, parse: hostAgentLine };
  const serial = ["serial.log", "serialv.log", "serialp.log"].map((name) => ({
    path: `${paths.instanceDir}/${name}`,
    parse: serialLine(startedMs),
  }));
  switch (word) {
    case undefined:
      return { files: [lifecycle, ...agent, lima], journal: [] };
    case "boot":
      return { files: [lima, ...serial], journal: ["-b"] };
    case "rebuild":
      return { files: [lifecycle], journal: rebuildUnits.flatMap((unit) => ["-u", unit]) };
    case "agent":
      return { files: agent, journal: undefined };
    case "vm":
      return { files: [lifecycle, lima, ...serial], journal: undefined };
    default:
      return { files: [], journal: unitMatches(word) };
  }
}

/** A unit of the system or of a user: its own lines, and what the manager says of it. */
function unitMatches(word: string): readonly string[] {
  const unit = /\.[a-z]+$/.test(word) ? word : `${word}.service`;
  const fields = ["_SYSTEMD_UNIT", "UNIT", "_SYSTEMD_USER_UNIT", "USER_UNIT"];
  return fields.flatMap((field, index) => [...(index === 0 ? [] : ["+"]), `${field}=${unit}`]);
}
