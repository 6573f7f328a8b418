import type { AgentStatus } from "../agent/status-file.ts";
import type { AscalonError } from "../errors.ts";
import {
  type DiskFact,
  type HaltFact,
  type Headline,
  headlineOf,
  isHomeLost,
  type MachineFacts,
} from "../machine/facts.ts";
import { instanceName } from "../paths.ts";
import type { KeyChange } from "../settings/diff.ts";
import type { LoadedSettings } from "../settings/load.ts";
import { type AgentPart, agentPart } from "./agent-part.ts";

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
  /** Set while QEMU holds the guest still because its disk, as a rule, is full. */
  readonly halted: HaltFact | null;
  readonly ready: boolean;
  readonly degraded: readonly string[];
  readonly uptimeMs: number | null;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly disks: { readonly root: DiskFact | null; readonly home: DiskFact | null };
  /** The home disk's file is gone, and /home with it when the VM stops. */
  readonly homeLost: boolean;
  readonly limaVersion: string | null;
  readonly agent: AgentPart;
  readonly settings: {
    readonly file: string;
    readonly origin: LoadedSettings["origin"];
    readonly notes: readonly string[];
    /** Why the file cannot be used, one a line and with its place; then nothing is known to be pending. Else none. */
    readonly problems: readonly string[];
    readonly pending: readonly KeyChange[];
    /** Whether the VM's lima.yaml is the one ascalon wrote: the next start writes it anew. null: nothing tells. */
    readonly limaYaml: "as-written" | "edited" | "lost" | null;
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
    halted: facts.halted ?? null,
    ready: facts.ready,
    degraded: facts.degraded,
    uptimeMs: facts.startedAt === undefined ? null : Math.max(0, Math.round(now - facts.startedAt)),
    cpus: vm.cpus,
    memoryBytes: vm.memoryBytes,
    disks: { root: facts.rootDisk ?? null, home: facts.homeDisk ?? null },
    homeLost: isHomeLost(facts),
    limaVersion: facts.limaVersion ?? null,
    agent: agentPart(agent, agentEnabled(facts, loaded), Math.floor(now / 1000)),
    settings: {
      file: loaded.path,
      origin: loaded.origin,
      notes: loaded.unusable ? [unusableNote(loaded.unusable)] : loaded.notes,
      problems: loaded.unusable ? problemsOf(loaded.unusable) : [],
      pending: pending.changes,
      limaYaml: facts.description === "outdated" ? "as-written" : (facts.description ?? null),
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
  `until the settings can be used, it is not known what is pending${run === undefined ? "" : `; fix them: ${run}`}`;
