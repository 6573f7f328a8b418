import type { AgentStatus } from "../agent/status-file.ts";
import type { AscalonError } from "../errors.ts";
import { type DiskFact, type Headline, headlineOf, type MachineFacts } from "../machine/facts.ts";
import { instanceName } from "../paths.ts";
import { oneLine } from "../printable.ts";
import type { KeyChange } from "../settings/diff.ts";
import type { LoadedSettings } from "../settings/load.ts";
import { type AgentPart, agentPart, agentRows } from "./agent-part.ts";
import { formatBytes } from "./bytes.ts";
import type { LinkStyle } from "./links.ts";
import { paint } from "./paint.ts";
import { duration } from "./reporter.ts";

/** `ascalon status --json`. Fields are only ever added within one schema number. */
export interface StatusDocument {
  readonly schema: 1;
  readonly name: string;
  readonly state: Headline;
  readonly exists: MachineFacts["exists"];
  readonly process: {
    readonly state: MachineFacts["process"];
    readonly hostAgentPid: number | null;
    readonly driverPid: number | null;
  };
  readonly ssh: { readonly state: string; readonly port: number | null; readonly answerMs: number | null };
  /**
   * Whether Lima's agent in the guest answers: it forwards ports and keeps the guest's clock right. null: only Lima can
   * ask it (vz), and `degraded` tells when it cannot.
   */
  readonly guestAgent: boolean | null;
  readonly ready: boolean;
  readonly degraded: readonly string[];
  readonly uptimeMs: number | null;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly disks: { readonly root: DiskFact | null; readonly home: DiskFact | null };
  readonly limaVersion: string | null;
  readonly agent: AgentPart;
  readonly settings: {
    readonly file: string;
    readonly origin: LoadedSettings["origin"];
    readonly notes: readonly string[];
    /** Why the file cannot be used, one a line and with its place; then nothing is known to be pending. Else none. */
    readonly problems: readonly string[];
    readonly pending: readonly KeyChange[];
    /** Keys that the guest's own system has otherwise, until the next rebuild. */
    readonly rebuildToo: readonly string[];
  };
}

export interface Pending {
  readonly changes: readonly KeyChange[];
  readonly behind: readonly string[];
}

export function statusDocument(
  facts: MachineFacts,
  loaded: LoadedSettings,
  pending: Pending,
  agent: AgentStatus,
  now: number,
): StatusDocument {
  // Of a VM that exists, what it was made with; else what it would be made with.
  const { vm } = facts.applied ?? loaded.settings;
  const alive = (fact: MachineFacts["driver"]): number | null =>
    fact.state === "alive" ? (fact.pid ?? null) : null;
  return {
    schema: 1,
    name: instanceName,
    state: headlineOf(facts),
    exists: facts.exists,
    process: { state: facts.process, hostAgentPid: alive(facts.hostAgent), driverPid: alive(facts.driver) },
    ssh: {
      state: facts.ssh.state,
      port: facts.ssh.port ?? null,
      answerMs: facts.ssh.answerMs === undefined ? null : Math.round(facts.ssh.answerMs * 10) / 10,
    },
    guestAgent: facts.guestAgent ?? null,
    ready: facts.ready,
    degraded: facts.degraded,
    uptimeMs: facts.startedAt === undefined ? null : Math.max(0, Math.round(now - facts.startedAt)),
    cpus: vm.cpus,
    memoryBytes: vm.memoryBytes,
    disks: { root: facts.rootDisk ?? null, home: facts.homeDisk ?? null },
    limaVersion: facts.limaVersion ?? null,
    agent: agentPart(agent, agentEnabled(facts, loaded), Math.floor(now / 1000)),
    settings: {
      file: loaded.path,
      origin: loaded.origin,
      notes: loaded.unusable ? [unusableNote(loaded.unusable)] : loaded.notes,
      problems: loaded.unusable ? problemsOf(loaded.unusable) : [],
      pending: pending.changes,
      rebuildToo: pending.behind,
    },
  };
}

/** Of settings that cannot be used nothing is known but what the VM has of them. */
function agentEnabled(facts: MachineFacts, { settings, unusable }: LoadedSettings): boolean {
  return ((unusable && facts.applied) || settings).agent.enabled;
}

const problemsOf = ({ message, why, details }: AscalonError): readonly string[] =>
  details.length > 0 ? details : [why === undefined ? message : `${message}: ${why}`];

const unusableNote = ({ run }: AscalonError): string =>
  `until the settings can be used, what is pending is not known${run === undefined ? "" : `; mend them: ${run}`}`;

/** One sentence for each headline that is not good news: what it means and what to run. */
const advice: Partial<Record<Headline, string>> = {
  absent: "There is no VM yet. Make it with: ascalon up",
  stopped: "Start it with: ascalon up",
  starting: "It is booting. Wait with: ascalon up",
  unreachable: "The VM runs and its ssh does not answer: the guest reboots or hangs. Wait with: ascalon up",
  stopping: "It is shutting down. Start it again with: ascalon up",
  broken: "What a crash left is in the way. Repair with: ascalon up",
  incomplete: "A create or delete was interrupted. Carry on with: ascalon up",
  foreign: "This instance was not made by ascalon, which leaves it alone. See: limactl list",
};

const foreignHalf =
  "There is a folder without a lima.yaml that ascalon did not make. Look into it; ascalon up tells how to go on.";

export function renderStatus(document: StatusDocument, style: LinkStyle): string {
  const mark = paint(style.colors);
  const good = document.state === "ready";
  const headline = good ? mark.green("ready") : mark.yellow(document.state);
  const up = document.uptimeMs === null ? "" : ` · up ${duration(document.uptimeMs)}`;
  const lines = [`${mark.bold(document.name)}  ${headline}${up}`, ...rows(document, style)];
  for (const problem of document.degraded) {
    // Lima passes on what the guest said, which may have any form.
    lines.push(`  ${mark.yellow("degraded")}  ${oneLine(problem)}`);
  }
  for (const problem of document.settings.problems)
    lines.push(`  ${mark.red("problem")}   ${oneLine(problem)}`);
  for (const note of document.settings.notes) lines.push(`  note      ${note}`);
  for (const { key, before, after, effect } of document.settings.pending) {
    lines.push(`  ${mark.yellow("pending")}   ${key} ${before} -> ${after} needs ${effect}`);
  }
  if (document.settings.rebuildToo.length > 0) {
    lines.push(
      `  ${mark.yellow("pending")}   the guest's own system has other values of ${document.settings.rebuildToo.join(", ")}, and needs rebuild`,
    );
  }
  const sentence = document.exists === "foreign-half" ? foreignHalf : advice[document.state];
  if (sentence) lines.push("", sentence);
  return `${lines.join("\n")}\n`;
}

function rows(document: StatusDocument, style: LinkStyle): string[] {
  const { process, ssh, disks, settings } = document;
  const pids = [
    process.hostAgentPid === null ? "" : `host agent ${process.hostAgentPid}`,
    process.driverPid === null ? "" : `VM ${process.driverPid}`,
  ].filter((part) => part !== "");
  const file = settings.file.startsWith(`${style.home}/`)
    ? `~${settings.file.slice(style.home.length)}`
    : settings.file;
  return [
    ["process", pids.length > 0 ? `${process.state} (${pids.join(", ")})` : process.state],
    ["ssh", sshText(ssh, process.state)],
    ...guestRows(document),
    ["boot", document.ready ? "finished" : "not finished"],
    ["vm", `${document.cpus} cpus, ${formatBytes(document.memoryBytes)} memory`],
    ["root", diskText(disks.root)],
    ["home disk", diskText(disks.home)],
    ["settings", settingsText(settings, file)],
    ...agentRows(document.agent, document.process.state === "running", style),
  ].map(([name = "", text = ""]) => `  ${name.padEnd(9)} ${text}`);
}

const guestRows = ({ guestAgent }: StatusDocument): string[][] =>
  guestAgent === null
    ? []
    : [["guest", guestAgent ? "Lima's guest agent answers" : "Lima's guest agent does not answer"]];

function settingsText({ origin, problems }: StatusDocument["settings"], file: string): string {
  if (problems.length > 0) return `${file} cannot be used`;
  return origin === "file" ? file : `${file} does not exist: every setting has its default`;
}

function sshText(
  { state, port, answerMs }: StatusDocument["ssh"],
  process: StatusDocument["process"]["state"],
): string {
  if (port === null) {
    if (process === "stopped" || process === "leftover") return "no port: the VM does not run";
    return process === "starting" ? "no port yet: the VM is starting" : `not asked: the VM is ${process}`;
  }
  return answerMs === null ? `127.0.0.1:${port} ${state}` : `127.0.0.1:${port} answers in ${answerMs} ms`;
}

function diskText(disk: DiskFact | null): string {
  return disk
    ? `${formatBytes(disk.sizeBytes)}, of which ${formatBytes(disk.allocatedBytes)} are taken on this machine`
    : "none yet";
}
