import { spawnSync } from "node:child_process";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Clock, systemClock } from "../../src/cli/adapters/clock.ts";
import { converse } from "../../src/cli/adapters/converse.ts";
import { systemFiles } from "../../src/cli/adapters/files.ts";
import { listenAt } from "../../src/cli/adapters/listen.ts";
import { startLong, systemProcesses } from "../../src/cli/adapters/process.ts";
import { systemSocketFiles } from "../../src/cli/adapters/socket-files.ts";
import { type AgentParts, createAgentPort } from "../../src/cli/agent/agent-port.ts";
import { requestHeal } from "../../src/cli/agent/heal.ts";
import { runAgent } from "../../src/cli/agent/loop.ts";
import type { MachineFacts } from "../../src/cli/machine/facts.ts";
import { type StatusFile, staleFor } from "../../src/shared/status.ts";
import { startMuxDouble } from "../doubles/mux-double.ts";
import { type LinkBed, openLinkBed } from "./link-bed.ts";

let bed: LinkBed;
let abort: AbortController;
let running: Promise<void> | undefined;
let lines: string[];
let sockets: { docker: string; sshAgent: string; extra: never[] };

beforeEach(async () => {
  bed = await openLinkBed({ unlink: true });
  abort = new AbortController();
  lines = [];
  sockets = { docker: "auto", sshAgent: "off", extra: [] };
});
afterEach(async () => {
  abort.abort();
  await running;
  await bed.close();
});

const facts = {
  exists: "ours",
  process: "running",
  ready: true,
  ssh: { state: "up", port: 1, answerMs: 1 },
} as unknown as MachineFacts;

function startAgent(more: Partial<AgentParts> = {}, clock: Clock = systemClock): void {
  const files = systemFiles;
  running = runAgent(
    createAgentPort({
      context: {
        env: { XDG_RUNTIME_DIR: bed.root },
        host: { platform: "linux", arch: "x64", cpus: 2, memoryBytes: 1, home: bed.root },
        uid: process.getuid?.() ?? -1,
        files,
        clock,
      },
      adapters: {
        converse,
        startLong,
        files,
        socketFiles: systemSocketFiles,
        processes: systemProcesses,
        clock,
        listen: listenAt,
      },
      paths: {
        stateDir: `${bed.root}/state`,
        sockDir: `${bed.root}/state/sock`,
        instanceDir: bed.sshd.instanceDir,
      },
      machine: { observe: async () => facts, resume: async () => {} },
      readSettings: async () => ({ sockets }),
      pendingPlan: async () => undefined,
      askGeneration: async () => "none",
      startVm: undefined,
      log: (line) => lines.push(line),
      ...more,
    }),
    abort.signal,
  );
}

const statusPath = (): string => `${bed.root}/state/status.json`;
const read = async (): Promise<StatusFile | undefined> =>
  readFile(statusPath(), "utf8").then(
    (text) => JSON.parse(text) as StatusFile,
    () => undefined,
  );

async function statusWith(check: (status: StatusFile) => boolean, limitMs = 30_000): Promise<StatusFile> {
  let last: StatusFile | undefined;
  for (const startedAt = performance.now(); performance.now() - startedAt < limitMs; ) {
    last = await read();
    if (last && check(last)) return last;
    await systemClock.sleep(20);
  }
  throw new Error(`no such status: ${JSON.stringify(last)}\n${lines.join("\n")}`);
}
async function untilLogged(text: string): Promise<void> {
  for (const startedAt = performance.now(); !lines.some((line) => line.includes(text)); ) {
    if (performance.now() - startedAt > 30_000) throw new Error(`not logged: ${text}\n${lines.join("\n")}`);
    await systemClock.sleep(20);
  }
}
const link = (status: StatusFile, name: string) => status.links.find((one) => one.name === name);

describe("the agent", () => {
  test("says what it knows, and goes on saying it", async () => {
    startAgent();
    const first = await statusWith(
      (status) => status.vm.state === "running" && link(status, "mux")?.state !== "healing",
    );
    expect((await stat(statusPath())).mode & 0o777).toBe(0o600);
    expect(first.mux.socketPath).toBe(`${bed.root}/state/sock/mux.sock`);
    expect(first.links.map((one) => one.name)).toEqual(["mux", "docker", "bridge"]);
    expect(first.nextWriteBy - first.writtenAt).toBe(10);
    // Every promise is kept: no file is replaced later than the one before it said.
    // A change in between writes one more, so eight seconds further on may be two writes away.
    let last = first;
    const startedAt = performance.now();
    const passed = (): number => performance.now() - startedAt;
    while (passed() < 12_000 || (last.writtenAt < first.writtenAt + 8 && passed() < 22_000)) {
      const status = (await read()) ?? last;
      expect(Math.floor(Date.now() / 1000)).toBeLessThanOrEqual(last.nextWriteBy);
      last = status;
      await systemClock.sleep(50);
    }
    expect(last.writtenAt).toBeGreaterThanOrEqual(first.writtenAt + 8);
  });

  test("status.json removed, and made a folder: written again, and told", async () => {
    startAgent();
    await statusWith(() => true);
    await rm(statusPath());
    await statusWith(() => true);
    await rm(statusPath());
    await mkdir(statusPath());
    await writeFile(`${statusPath()}/in-the-way`, "");
    await untilLogged("cannot be written");
    await rm(statusPath(), { recursive: true });
    await statusWith(() => true);
    expect(lines.filter((line) => line.includes("cannot be written"))).toHaveLength(1);
    expect(lines.join()).toContain("can be written again");
  });

  test("a disk that is full is told once, and written to again when it is not", async (context) => {
    await mkdir(`${bed.root}/state`);
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=128k", "tmpfs", `${bed.root}/state`]);
    if (mounted.status !== 0 && process.env.CI) throw new Error("no file system can be mounted; CI needs it");
    if (mounted.status !== 0) return context.skip("no file system can be mounted here");
    try {
      startAgent();
      await statusWith((status) => status.links.length === 3);
      await writeFile(`${bed.root}/state/filler`, Buffer.alloc(256 * 1024)).catch(() => {});
      await untilLogged("status.json cannot be written: ENOSPC");
      // Cut by the full disk it would be worse than old: the last whole one stays.
      expect((await read())?.links).toHaveLength(3);
      await rm(`${bed.root}/state/filler`);
      await untilLogged("can be written again");
      abort.abort();
      await running;
    } finally {
      spawnSync("umount", ["-l", `${bed.root}/state`]);
    }
  });

  test("a clock set back an hour: told, and the new times are believed", async () => {
    let backMs = 0;
    const clock: Clock = { ...systemClock, now: () => Date.now() - backMs };
    startAgent({}, clock);
    await untilLogged(" carries ");
    const before = await statusWith((status) => link(status, "docker")?.state === "waiting");
    backMs = 3_600_000;
    const after = await statusWith((status) => status.writtenAt < before.writtenAt);
    expect(lines).toContain("the clock was set back");
    expect(staleFor(after, Math.floor(clock.now() / 1000))).toBe(0);
    // Nothing was lost by it: no link was made anew.
    expect(lines.filter((line) => /^ssh \d+ carries/.test(line))).toHaveLength(1);
  });

  test("GUIs that answer are listed, and a different codec is explained", async () => {
    await mkdir(`${bed.root}/wezterm`, { mode: 0o700 });
    const gui = await startMuxDouble({
      path: `${bed.root}/wezterm/gui-sock-4711`,
      codec: 42,
      version: "20240203-110809-5046fc22",
    });
    startAgent();
    const status = await statusWith((one) => one.gui.length > 0);
    expect(status.gui).toEqual([{ pid: 4711, codec: 42, version: "20240203-110809-5046fc22" }]);
    expect(status.codec.verdict).toBe("unknown");
    await gui.close();
  });

  test("a link switched on in the settings comes without a restart", async () => {
    startAgent();
    await statusWith((status) => status.links.length === 3);
    sockets = { ...sockets, sshAgent: "/nonexistent/agent.sock" };
    const status = await statusWith((one) => link(one, "ssh-agent") !== undefined);
    expect(link(status, "ssh-agent")?.state).toMatch(/waiting|healing|broken/);
  });

  test("settings that became invalid keep the links and are told", async () => {
    let bad = false;
    startAgent({
      readSettings: async () => {
        if (bad) throw new Error("ascalon.yaml:2:3 sockets.docker: expected a path");
        return { sockets };
      },
    });
    await statusWith((status) => status.links.length === 3);
    bad = true;
    const status = await statusWith((one) => one.attention.length > 0);
    expect(status.attention).toEqual(["ascalon.yaml:2:3 sockets.docker: expected a path."]);
    expect(status.links).toHaveLength(3);
  });

  test("asked to heal, it proves everything at once and says so", async () => {
    startAgent();
    await statusWith(() => true);
    const ports = { files: systemFiles, clock: systemClock };
    const outcome = await requestHeal(ports, `${bed.root}/state`, 4_000);
    expect(outcome.kind).toMatch(/settled|late/);
    expect(lines).toContain("asked to heal: proving everything");
    abort.abort();
    await running;
    expect(await requestHeal(ports, `${bed.root}/state`)).toEqual({ kind: "no-agent" });
    expect(await systemFiles.info(`${bed.root}/state/heal`)).toBeUndefined();
  });

  test("the VM is started when the settings say so", async () => {
    let started = 0;
    startAgent({
      machine: {
        observe: async () => ({ ...facts, process: "stopped" }) as MachineFacts,
        resume: async () => {},
      },
      startVm: async () => {
        started += 1;
      },
    });
    await statusWith((status) => status.vm.state === "stopped");
    await expect.poll(() => started, { timeout: 20_000 }).toBe(1);
  });

  test("a VM that a person stopped in this login is not", async () => {
    let started = 0;
    startAgent({
      machine: {
        observe: async () => ({ ...facts, process: "stopped" }) as MachineFacts,
        resume: async () => {},
      },
      startVm: async () => {
        started += 1;
      },
      wasStopped: async () => true,
    });
    await untilLogged("the VM is stopped because a person stopped it: not started");
    expect(started).toBe(0);
  });
});
