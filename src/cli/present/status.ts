import { type DiskFact, type Headline, haltRoomBytes, haltSentence } from "../machine/facts.ts";
import { oneLine, shortened } from "../printable.ts";
import type { KeyChange } from "../settings/diff.ts";
import { agentRows } from "./agent-part.ts";
import { formatBytes } from "./bytes.ts";
import type { LinkStyle } from "./links.ts";
import { paint } from "./paint.ts";
import { duration } from "./reporter.ts";
import type { StatusDocument } from "./status-document.ts";

/** One sentence for each headline that is not good news: what it means and what to run. */
const advice: Partial<Record<Headline, string>> = {
  absent: "There is no VM yet. Create it with: ascalon up",
  stopped: "Start it with: ascalon up",
  starting: "It is booting. Wait with: ascalon up",
  unreachable:
    "The VM is running, but its ssh does not answer: the guest is rebooting or hangs. Wait with: ascalon up",
  stopping: "It is shutting down. Start it again with: ascalon up",
  broken: "A crash left something in the way. Repair it with: ascalon up",
  incomplete: "A create or delete was interrupted. Continue with: ascalon up",
  foreign: "This instance was not created by ascalon, which leaves it alone. See: limactl list",
};

const foreignHalf =
  "There is a folder without a lima.yaml that ascalon did not create. Look into it; ascalon up says how to proceed.";

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
  for (const problem of shortened(document.settings.problems))
    lines.push(`  ${mark.red("problem")}   ${oneLine(problem)}`);
  for (const note of document.settings.notes) lines.push(`  note      ${note}`);
  for (const change of document.settings.pending) {
    const { key, before, after } = change;
    lines.push(`  ${mark.yellow("pending")}   ${key} ${before} -> ${after} ${needText(change)}`);
  }
  const { limaYaml } = document.settings;
  if (limaYaml === "edited")
    lines.push(`  ${mark.yellow("pending")}   the VM's lima.yaml was edited: the next start rewrites it`);
  if (limaYaml === "lost")
    lines.push(
      `  ${mark.yellow("lost")}      the VM's lima.yaml; everything else is intact: ascalon up rewrites it`,
    );
  if (document.settings.rebuildToo.length > 0) {
    lines.push(
      `  ${mark.yellow("pending")}   the guest's own system has other values for ${document.settings.rebuildToo.join(", ")}, and needs rebuild`,
    );
  }
  const sentence = adviceFor(document);
  if (sentence) lines.push("", sentence);
  return `${lines.join("\n")}\n`;
}

function adviceFor({ exists, halted, state }: StatusDocument): string | undefined {
  if (exists === "foreign-half") return foreignHalf;
  if (halted === null) return advice[state];
  const way =
    halted.freeBytes < haltRoomBytes ? "Free some space, then: ascalon up" : "Resume it with: ascalon up";
  return `The VM is running, but ${haltSentence(halted)}. ${way}`;
}

/** One that has its effect at once is noted for the VM by the next `up`, as plan says. */
function needText({ effect, shrinks }: KeyChange): string {
  if (shrinks) return "not possible: a disk only grows, see ascalon plan";
  return effect === "live" ? "recorded by: ascalon up" : `needs ${effect}`;
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
    ["boot", bootText(document)],
    ["vm", `${document.cpus} cpus, ${formatBytes(document.memoryBytes)} memory`],
    ["root", diskText(disks.root)],
    ["home disk", document.homeLost ? homeLost : diskText(disks.home)],
    ["settings", settingsText(settings, file)],
    ...agentRows(document.agent, document.process.state === "running", style),
  ].map(([name = "", text = ""]) => `  ${name.padEnd(9)} ${text}`);
}

const guestRows = ({ guestAgent, process }: StatusDocument): string[][] =>
  guestAgent === null || process.state === "stopped" || process.state === "leftover"
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
    if (process === "stopped" || process === "leftover") return "no port: the VM is not running";
    if (process === "running") return "no port: Lima's ssh.config is gone; ascalon restart brings it back";
    return process === "starting" ? "no port yet: the VM is starting" : `not asked: the VM is ${process}`;
  }
  return answerMs === null ? `127.0.0.1:${port} ${state}` : `127.0.0.1:${port} answers in ${answerMs} ms`;
}

/** Only while both of Lima's processes live there is a word of the guest's boot, whatever it was before. */
function bootText({ ready, process: { state } }: StatusDocument): string {
  if (ready) return "finished";
  if (state === "stopped" || state === "leftover") return "none: the VM is not running";
  return state === "starting" || state === "running" ? "not finished" : `not known: the VM is ${state}`;
}

const homeLost = "its file is gone; /home is lost when the VM stops (ascalon stop says how to save it)";

function diskText(disk: DiskFact | null): string {
  return disk
    ? `${formatBytes(disk.sizeBytes)}, of which ${formatBytes(disk.allocatedBytes)} is used on this machine`
    : "none yet";
}
