import { expect, test } from "vitest";
import { type AgentPort, runAgent } from "../../../src/cli/agent/loop.ts";
import type { Link } from "../../../src/cli/links/link.ts";
import type { LinkTable } from "../../../src/cli/links/table.ts";
import type { StatusFile } from "../../../src/shared/status.ts";
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

test("links that could not be set once are set again", async () => {
  const clock = manualClock();
  const abort = new AbortController();
  let table: LinkTable = { links: [link("a")], refused: [] };
  let full = false;
  const set: string[][] = [];
  const written: StatusFile[] = [];
  const port: AgentPort = {
    clock,
    version: "1",
    muxSocket: "/s/mux.sock",
    observeVm: async () => ({ state: "running", reason: undefined }),
    startVm: undefined,
    wasStopped: async () => false,
    findLinks: async () => table,
    createLinks: () => ({
      reports: () => [],
      setLinks: async (links) => {
        if (full) throw new Error("ENOSPC");
        set.push(links.map(({ name }) => name));
      },
      hurry: () => {},
      pid: () => undefined,
      stop: async () => {},
    }),
    findGuis: async () => [],
    pendingPlan: async () => undefined,
    askGeneration: async () => "none",
    keepBridge: async () => false,
    close: async () => {},
    writeStatus: async (status) => void written.push(status),
    healWanted: async () => undefined,
    log: () => {},
  };
  const running = runAgent(port, abort.signal);
  await clock.advance(1_000);
  [full, table] = [true, { links: [link("a"), link("b")], refused: [] }];
  await clock.advance(6_000);
  expect(set).toEqual([]);
  expect(written.at(-1)?.attention).toEqual(["ENOSPC."]);
  full = false;
  await clock.advance(6_000);
  expect(set).toEqual([["a", "b"]]);
  await clock.advance(20_000);
  expect(set).toHaveLength(1);
  abort.abort();
  await clock.advance(1_000);
  await running;
});
