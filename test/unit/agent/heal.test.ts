import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Clock, systemClock } from "../../../src/cli/adapters/clock.ts";
import { systemFiles } from "../../../src/cli/adapters/files.ts";
import { requestHeal, takeHealRequest } from "../../../src/cli/agent/heal.ts";
import { createHealAnswer } from "../../../src/cli/agent/heal-answer.ts";
import type { Link, LinkState } from "../../../src/cli/links/link.ts";
import { initialState } from "../../../src/cli/links/link-state.ts";
import type { LinkReport } from "../../../src/cli/links/monitor.ts";
import type { LinkStatus, StatusFile } from "../../../src/shared/status.ts";

const up: LinkState = { kind: "up", since: 0, rttMs: 1 };
const report = (name: string, begun: number, ended: number, more: Partial<LinkReport> = {}): LinkReport => ({
  link: { name } as Link,
  state: up,
  facts: undefined,
  hijacked: false,
  carried: true,
  proofs: { begun, ended },
  ...more,
});

test("a proof that had begun before the wish is none for it", () => {
  const answer = createHealAnswer();
  answer.take("a", [report("mux", 3, 2), report("docker", 5, 5)]);
  expect(answer.look([report("mux", 3, 3), report("docker", 6, 6)])).toBe(false);
  expect(answer.isPending()).toBe(true);
  expect(answer.look([report("mux", 4, 3), report("docker", 6, 6)])).toBe(false);
  expect(answer.answered()).toEqual([]);
  expect(answer.look([report("mux", 4, 4), report("docker", 6, 6)])).toBe(true);
  expect(answer.answered()).toEqual(["a"]);
  expect(answer.isPending()).toBe(false);
});

test("what no ssh carries is told by its state, but not before it was tried, nor while one is on its way", () => {
  const answer = createHealAnswer();
  const uncarried = (state: LinkState) => [report("mux", 0, 0, { carried: false, state })];
  answer.take("a", []);
  expect(answer.look(uncarried(initialState(0)))).toBe(false);
  expect(answer.look(uncarried({ kind: "healing", since: 0, reason: undefined }))).toBe(false);
  const away = {
    kind: "waiting",
    since: 0,
    reason: "the VM's ssh does not answer",
    nextAttemptAt: 1,
  } as const;
  expect(answer.look(uncarried(away))).toBe(true);
});

test("a second wish waits for proofs of its own, and answers the first as well", () => {
  const answer = createHealAnswer();
  answer.take("a", [report("mux", 1, 1)]);
  answer.take("b", [report("mux", 2, 1)]);
  expect(answer.look([report("mux", 2, 2)])).toBe(false);
  expect(answer.look([report("mux", 3, 3)])).toBe(true);
  expect(answer.answered()).toEqual(["a", "b"]);
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(`${tmpdir()}/asc-heal-`);
});
afterEach(() => rm(folder, { recursive: true }));

/** Ten times as fast. */
const clock: Clock = {
  ...systemClock,
  monotonic: () => systemClock.monotonic() * 10,
  sleep: (ms, signal) => systemClock.sleep(ms / 10, signal),
};
const ports = { files: systemFiles, clock };
const status = (healed: readonly string[], state: LinkStatus["state"], freshForS = 10): StatusFile => {
  const now = Math.floor(Date.now() / 1000);
  return {
    schema: 1,
    writtenAt: now,
    nextWriteBy: now + freshForS,
    ascalon: "1",
    vm: { state: "running", since: 0 },
    links: [{ name: "mux", state, since: 0 }],
    mux: { socketPath: "/s/mux.sock" },
    gui: [],
    codec: { verdict: "unknown" },
    healed,
    attention: [],
  };
};
const write = (one: StatusFile): Promise<void> =>
  systemFiles.writeAtomic(`${folder}/status.json`, JSON.stringify(one), 0o600, { fsync: false });
const taken = async (): Promise<string> => {
  for (;;) {
    const name = await takeHealRequest(ports, folder);
    if (name !== undefined) return name;
    await systemClock.sleep(10);
  }
};

test("what was written before the answer is not believed", async () => {
  await write(status([], "up"));
  const outcome = requestHeal(ports, folder, 20_000);
  const name = await taken();
  await clock.sleep(900);
  await write(status([name], "broken"));
  await clock.sleep(300);
  await write(status(["another's"], "up"));
  expect(await outcome).toMatchObject({ kind: "late" });
});

test("settled when the answer says so; two who ask at once are answered together", async () => {
  let looked = 0;
  const readText: typeof systemFiles.readText = async (path) => {
    const text = await systemFiles.readText(path);
    if (path === `${folder}/heal`) looked += 1;
    return text;
  };
  const asking = { ...ports, files: { ...systemFiles, readText } };
  const outcomes = [requestHeal(asking, folder, 100_000), requestHeal(asking, folder, 100_000)];
  // The second has found the wish of the first: once that is taken, it would be another one.
  while (looked === 0) await systemClock.sleep(5);
  const name = await taken();
  await write(status([name], "up"));
  for (const outcome of await Promise.all(outcomes)) expect(outcome).toMatchObject({ kind: "settled" });
});

test("two who ask while no agent runs: neither believes what a dead one left", async () => {
  await write(status([], "up", -1));
  const first = requestHeal(ports, folder);
  await clock.sleep(1_000);
  const second = requestHeal(ports, folder);
  expect(await Promise.all([first, second])).toEqual([{ kind: "no-agent" }, { kind: "no-agent" }]);
  expect(await systemFiles.info(`${folder}/heal`)).toBeUndefined();
});

test("an agent that lives and is busy is waited for, and what it did not take in time it finds later", async () => {
  await write(status([], "up", -1));
  const living = { ...ports, agentLives: async () => true };
  const outcome = requestHeal(living, folder, 100_000);
  await clock.sleep(8_000);
  const name = await taken();
  await clock.sleep(4_000);
  await write(status([name], "up"));
  expect(await outcome).toMatchObject({ kind: "settled" });

  await write(status([], "up", -1));
  expect(await requestHeal(living, folder)).toEqual({ kind: "late", status: undefined });
  expect(await takeHealRequest(ports, folder)).toBeDefined();
});

test("an agent that dies meanwhile is waited for no longer", async () => {
  await write(status([], "up", -1));
  let asked = 0;
  const dying = { ...ports, agentLives: async () => ++asked < 2 };
  expect(await requestHeal(dying, folder)).toEqual({ kind: "no-agent" });
  expect(asked).toBe(2);
});

test("whoever asks and goes is not kept by the answer", async () => {
  const over = new AbortController();
  const asked = requestHeal({ ...ports, agentLives: async () => true, signal: over.signal }, folder);
  setTimeout(() => over.abort(), 20);
  await expect(asked).rejects.toThrow();
});
