import type { Context } from "../context.ts";
import { agentLogFiles, type Paths } from "../paths.ts";
import { consoleText } from "./console-text.ts";
import type { ParseText } from "./entry.ts";
import { hostAgentText, stampedText } from "./parse-lines.ts";

export interface HostLog {
  readonly path: string;
  readonly parse: ParseText;
  /** Where ascalon puts what was in the file when it grew too long; Lima begins its own anew at each start. */
  readonly olderPath?: string;
}

export interface Topic {
  readonly files: readonly HostLog[];
  /** What journalctl is asked for in the guest; undefined: nothing. */
  readonly journal: readonly string[] | undefined;
}

/** Units by which a rebuild can be followed in the guest. */
const rebuildUnits = ["ascalon-switch", "ascalon-rollback", "ascalon-rollback-resume", "ascalon-home-disk"];

/** What a word of `ascalon logs` shows; any other word is a unit of the guest. */
export function topicOf(word: string | undefined, paths: Paths, host: Context["host"]): Topic {
  const own = (source: string, path: string): HostLog => ({
    path,
    parse: stampedText(source),
    olderPath: `${path}.1`,
  });
  const lifecycle = own("lifecycle", `${paths.logDir}/lifecycle.log`);
  const agent = agentLogFiles(paths, host).map((path) => own("agent", path));
  const lima: HostLog = { path: `${paths.instanceDir}/ha.stderr.log`, parse: hostAgentText };
  const consoles = ["serial.log", "serialv.log", "serialp.log"].map(
    (name): HostLog => ({ path: `${paths.instanceDir}/${name}`, parse: consoleText }),
  );
  switch (word) {
    case undefined:
      return { files: [lifecycle, ...agent, lima, ...consoles], journal: [] };
    case "boot":
      return { files: [lima, ...consoles], journal: ["-b"] };
    case "rebuild":
      return { files: [lifecycle], journal: rebuildUnits.flatMap((unit) => ["-u", unit]) };
    case "agent":
      return { files: agent, journal: undefined };
    case "vm":
      return { files: [lifecycle, lima, ...consoles], journal: undefined };
    default:
      return { files: [], journal: unitMatches(word) };
  }
}

/** What is left of a topic when the instance is somebody else's. */
export const withoutInstance = ({ files }: Topic, { instanceDir }: Paths): Topic => ({
  files: files.filter(({ path }) => !path.startsWith(`${instanceDir}/`)),
  journal: undefined,
});

/** A unit of the system or of a user: its own lines, and what the manager says of it. */
function unitMatches(word: string): readonly string[] {
  const unit = /\.[a-z]+$/.test(word) ? word : `${word}.service`;
  const fields = ["_SYSTEMD_UNIT", "UNIT", "_SYSTEMD_USER_UNIT", "USER_UNIT"];
  return fields.flatMap((field, index) => [...(index === 0 ? [] : ["+"]), `${field}=${unit}`]);
}
