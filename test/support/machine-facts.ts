import type { Existence, MachineFacts, PidFact, ProcessState } from "../../src/cli/machine/facts.ts";
import { settingsFrom } from "../../src/cli/settings/from-text.ts";
import type { Settings } from "../../src/cli/settings/settings.ts";
import { testHost } from "./fake-context.ts";

/** Settings from the text of a file, on the host of the tests. */
export const settingsOf = (text = ""): Settings => settingsFrom(text, "ascalon.yaml", testHost).settings;

const gib = 1024 ** 3;
const noPid: PidFact = { pid: undefined, state: "absent" };
const alive = (pid: number): PidFact => ({ pid, state: "alive" });

/** Which of Lima's two processes each state has. */
const pids: Readonly<Record<ProcessState, readonly [hostAgent: PidFact, driver: PidFact]>> = {
  stopped: [noPid, noPid],
  starting: [alive(671), alive(711)],
  running: [alive(671), alive(711)],
  stopping: [alive(671), alive(711)],
  broken: [{ pid: 671, state: "stale" }, alive(711)],
  leftover: [{ pid: 671, state: "reused" }, noPid],
};

/** Facts as observeInstance would give them for a VM in this state, made from `applied`. */
export function factsOf(
  exists: Existence,
  process: ProcessState,
  more: Partial<MachineFacts> & { readonly sshState?: MachineFacts["ssh"]["state"] } = {},
): MachineFacts {
  const { sshState = process === "running" ? "up" : "unknown", ...rest } = more;
  const [hostAgent, driver] = pids[process];
  const isOurs = exists === "ours";
  const runs = process === "running" || process === "starting";
  return {
    exists,
    folder: "/home/mia/.lima/ascalon",
    process,
    brokenReason: process === "broken" ? "host-agent-gone" : undefined,
    hostAgent,
    driver,
    ssh: {
      state: sshState,
      port: runs ? 60022 : undefined,
      answerMs: sshState === "up" ? 4.25 : undefined,
    },
    guestAgent: sshState === "up",
    halted: undefined,
    ready: process === "running",
    degraded: [],
    startedAt: runs ? Date.UTC(2026, 0, 2, 3, 0, 5) : undefined,
    rootDisk: isOurs ? { sizeBytes: 50 * gib, allocatedBytes: 3 * gib } : undefined,
    homeDisk: exists === "absent" ? undefined : { sizeBytes: 50 * gib, allocatedBytes: gib },
    applied: isOurs ? settingsOf() : undefined,
    told: undefined,
    limaYaml: exists === "absent" || exists.endsWith("half") ? undefined : "param:\n  ascalon: '1'\n",
    writtenYaml: undefined,
    description: undefined,
    limaVersion: isOurs ? "2.2.0" : undefined,
    ...rest,
  };
}
