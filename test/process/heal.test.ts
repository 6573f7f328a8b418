import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../src/cli/adapters/clock.ts";
import { converse } from "../../src/cli/adapters/converse.ts";
import { systemFiles } from "../../src/cli/adapters/files.ts";
import { listenAt } from "../../src/cli/adapters/listen.ts";
import { startLong, systemProcesses } from "../../src/cli/adapters/process.ts";
import { systemSocketFiles } from "../../src/cli/adapters/socket-files.ts";
import { createAgentPort } from "../../src/cli/agent/agent-port.ts";
import { type HealOutcome, requestHeal } from "../../src/cli/agent/heal.ts";
import { runAgent } from "../../src/cli/agent/loop.ts";
import { readAgentStatus } from "../../src/cli/agent/status-file.ts";
import { prove } from "../../src/cli/links/probes/prove.ts";
import type { MachineFacts } from "../../src/cli/machine/facts.ts";
import { type LinkBed, openLinkBed } from "./link-bed.ts";

let bed: LinkBed;
let abort: AbortController;
let running: Promise<void>;

const ports = { files: systemFiles, clock: systemClock };
const facts = { exists: "ours", process: "running", ready: true } as unknown as MachineFacts;

beforeEach(async () => {
  bed = await openLinkBed({ unlink: true });
  await Promise.all([bed.startMux(), bed.startDocker(), bed.startAgent()]);
  abort = new AbortController();
  const port = createAgentPort({
    context: {
      env: { XDG_RUNTIME_DIR: bed.root },
      host: { platform: "linux", arch: "x64", cpus: 2, memoryBytes: 1, home: bed.root },
      uid: process.getuid?.() ?? -1,
      ...ports,
    },
    adapters: {
      converse,
      startLong,
      socketFiles: systemSocketFiles,
      processes: systemProcesses,
      listen: listenAt,
      ...ports,
    },
    paths: { stateDir: `${bed.root}/state`, sockDir: bed.sockDir, instanceDir: bed.sshd.instanceDir },
    machine: {
      observe: async () => ({ ...facts, ssh: { state: "up", port: bed.sshd.port, answerMs: 1 } }),
      resume: async () => {},
    },
    readSettings: async () => ({ sockets: { docker: "auto", sshAgent: "off", extra: [] } }),
    pendingPlan: async () => undefined,
    askGeneration: async () => "none",
    startVm: undefined,
    log: () => {},
  });
  const table = { links: bed.links, refused: [] };
  running = runAgent({ ...port, findLinks: async () => table }, abort.signal);
});
afterEach(async () => {
  abort.abort();
  await running;
  await bed.close();
});

const stateOf = async (name: string): Promise<string | undefined> => {
  const read = await readAgentStatus(ports, `${bed.root}/state/status.json`);
  return read.state === "none" ? undefined : read.status.links.find((one) => one.name === name)?.state;
};
const dockerIn = (outcome: HealOutcome): string | undefined =>
  outcome.kind === "no-agent"
    ? undefined
    : outcome.status?.links.find(({ name }) => name === "docker")?.state;

test("says that a link is up only when a request went through it after it was asked", async () => {
  while ((await stateOf("docker")) !== "up") await systemClock.sleep(20);
  await systemClock.sleep(1_500);
  const frozen = await bed.sshd.sessions();
  for (const pid of frozen) process.kill(pid, "SIGSTOP");
  const outcome = await requestHeal(ports, `${bed.root}/state`);
  expect(outcome.kind).toBe("settled");
  expect(dockerIn(outcome)).toBe("up");
  const probeEnd = bed.links.find(({ name }) => name === "docker")?.probeEnd ?? "";
  expect(await prove(converse, "docker", probeEnd)).toMatchObject({ kind: "up" });
  for (const pid of frozen) if (systemProcesses.exists(pid)) process.kill(pid, "SIGKILL");
});

test("with all links up it is answered soon", async () => {
  while ((await stateOf("docker")) !== "up") await systemClock.sleep(20);
  const startedAt = performance.now();
  expect(await requestHeal(ports, `${bed.root}/state`)).toMatchObject({ kind: "settled" });
  expect(performance.now() - startedAt).toBeLessThan(4_000);
});
