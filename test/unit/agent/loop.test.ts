import { expect, test } from "vitest";
import { type AgentPort, runAgent } from "../../../src/cli/agent/loop.ts";
import type { Link } from "../../../src/cli/links/link.ts";
import type { LinkTable } from "../../../src/cli/links/table.ts";
import { type StatusFile, staleFor, type VmState } from "../../../src/shared/status.ts";
import { manualClock } from "../../support/manual-clock.ts";

const link = (name: string): Link => ({
  name,
  protocol: "stream",
  direction: "host-to-guest",
  hostEnd: `/s/host-${name}.sock`,
  guestEnd: `/run/ascalon/${name}.sock`,
  target: `/${name}.sock`,
  probeEnd: `/s/probe-${name}.sock`,
  chosen: "",
});

/** An agent on a clock that is moved by hand, and what it did. */
function open(more: Partial<AgentPort> = {}) {
  const manual = manualClock();
  const abort = new AbortController();
  const seen = {
    table: { links: [link("a")], refused: [] } as LinkTable,
    full: false,
    /** The wall clock runs ahead by so much, as it does after a sleep. */
    sleptMs: 0,
    vm: "running" as VmState,
    set: [] as string[][],
    hurries: 0,
    written: [] as StatusFile[],
    lines: [] as string[],
  };
  const clock = { ...manual, now: () => manual.now() + seen.sleptMs };
  const running = runAgent(
    {
      clock,
      version: "1",
      muxSocket: "/s/mux.sock",
      observeVm: async () => ({ state: seen.vm, reason: undefined }),
      startVm: undefined,
      wasStopped: async () => false,
      findLinks: async () => seen.table,
      createLinks: () => ({
        reports: () => [],
        setLinks: async (links) => {
          if (seen.full) throw new Error("ENOSPC");
          seen.set.push(links.map(({ name }) => name));
        },
        hurry: () => {
          seen.hurries += 1;
        },
        pid: () => undefined,
        stop: async () => {},
      }),
      findGuis: async () => [],
      pendingPlan: async () => undefined,
      askGeneration: async () => "none",
      keepBridge: async () => false,
      close: async () => {},
      writeStatus: async (status) => void seen.written.push(status),
      healWanted: async () => undefined,
      log: (line) => seen.lines.push(line),
      ...more,
    },
    abort.signal,
  );
  const close = async (): Promise<void> => {
    abort.abort();
    await manual.advance(12_000);
    await running;
  };
  return Object.assign(seen, { advance: manual.advance, sleep: manual.sleep, now: clock.now, close });
}

test("links that could not be set once are set again", async () => {
  const agent = open();
  await agent.advance(1_000);
  agent.full = true;
  agent.table = { links: [link("a"), link("b")], refused: [] };
  await agent.advance(6_000);
  expect(agent.set).toEqual([]);
  expect(agent.written.at(-1)?.attention).toEqual(["ENOSPC."]);
  agent.full = false;
  await agent.advance(6_000);
  expect(agent.set).toEqual([["a", "b"]]);
  await agent.advance(20_000);
  expect(agent.set).toHaveLength(1);
  await agent.close();
});

test("a machine so busy that looking takes long gets its status in time all the same", async () => {
  const agent: ReturnType<typeof open> = open({
    findGuis: async () => {
      await agent.sleep(agent.now() > began + 3_000 ? 11_500 : 0);
      return [];
    },
  });
  const began = agent.now();
  await agent.advance(5_000);
  for (let seconds = 0; seconds < 60; seconds += 1) {
    await agent.advance(1_000);
    expect(staleFor(agent.written.at(-1) as StatusFile, Math.floor(agent.now() / 1000))).toBe(0);
  }
  expect(agent.lines).toEqual([]);
  await agent.advance(20_000);
  await agent.close();
});

test("a sleep that begins while it waits: everything is proved at once", async () => {
  const agent = open();
  await agent.advance(3_500);
  expect(agent.hurries).toBe(0);
  agent.sleptMs = 3_600_000;
  await agent.advance(1_000);
  expect(agent.hurries).toBe(1);
  expect(agent.lines).toEqual(["slept 3600 s: proving everything"]);
  await agent.advance(10_000);
  expect(agent.hurries).toBe(1);
  await agent.close();
});

test("a sleep that begins while it looks at something: the same", async () => {
  let finds = 0;
  const agent: ReturnType<typeof open> = open({
    findLinks: async () => {
      finds += 1;
      if (finds === 4) agent.sleptMs = 3_600_000;
      return agent.table;
    },
  });
  await agent.advance(30_000);
  expect(finds).toBeGreaterThan(4);
  expect(agent.hurries).toBe(1);
  expect(agent.lines).toEqual(["slept 3600 s: proving everything"]);
  await agent.close();
});

test("a sleep that the monotonic clock counts: the same, and a slow look is none", async () => {
  let finds = 0;
  const agent: ReturnType<typeof open> = open({
    findLinks: async () => {
      finds += 1;
      const lateMs = [0, 0, 0, 9_000, 60_000][finds] ?? 0;
      if (lateMs > 0) await sleep(lateMs);
      return agent.table;
    },
  });
  const sleep = (ms: number): Promise<void> => agent.sleep(ms);
  await agent.advance(40_000);
  expect(agent.hurries).toBe(0);
  await agent.advance(60_000);
  expect(agent.hurries).toBe(1);
  await agent.close();
});

test("a VM that comes up has its links tried at once", async () => {
  const agent = open();
  agent.vm = "starting";
  await agent.advance(10_000);
  expect(agent.hurries).toBe(0);
  agent.vm = "running";
  await agent.advance(2_000);
  expect(agent.hurries).toBe(1);
  expect(agent.written.at(-1)?.vm.state).toBe("running");
  await agent.close();
});

test("a VM whose link ended is looked at before that is told: one that stopped is not told to run", async () => {
  let tell = (): void => {};
  const agent = open({
    createLinks: ({ onChange }) => {
      tell = onChange;
      return {
        reports: () => [],
        setLinks: async () => {},
        hurry: () => {},
        pid: () => undefined,
        stop: async () => {},
      };
    },
  });
  await agent.advance(4_500);
  const before = agent.written.length;
  agent.vm = "stopped";
  tell();
  await agent.advance(200);
  expect(agent.written.slice(before).map(({ vm }) => vm.state)).toEqual(["stopped"]);
  await agent.close();
});

test("at its end it promises nothing more: what it wrote last is stale at once", async () => {
  const agent = open();
  await agent.advance(5_000);
  expect(staleFor(agent.written.at(-1) as StatusFile, Math.floor(agent.now() / 1000))).toBe(0);
  await agent.close();
  expect(staleFor(agent.written.at(-1) as StatusFile, Math.floor(agent.now() / 1000))).toBeGreaterThan(0);
});
