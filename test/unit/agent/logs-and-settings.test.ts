import { expect, test } from "vitest";
import { keepLogsShort, shorten } from "../../../src/cli/agent/keep-logs-short.ts";
import { waitForSettings } from "../../../src/cli/agent/wait-for-settings.ts";
import { fakeContext } from "../../support/fake-context.ts";

const log = "/home/mia/.local/state/ascalon/log/agent.log";
const lines = (count: number): string => "2026-01-02T03:04:05.000Z mux: up\n".repeat(count);

test("a long log is emptied in place and its end kept once; a short one is left alone", async () => {
  const { files } = fakeContext();
  files.put(log, lines(100));
  await shorten(files, log);
  expect(files.text(log)).toBe(lines(100));
  for (const word of ["first", "second"]) {
    files.put(log, `${lines(50_000)}${word}\n`);
    await shorten(files, log);
    expect(files.text(log)).toBe("");
    expect(files.text(`${log}.1`)?.endsWith(`${word}\n`)).toBe(true);
    expect(files.text(`${log}.1`)?.length).toBeLessThanOrEqual(1024 ** 2);
  }
});

test("it is looked at again every hour, and a full disk ends nothing", async () => {
  const { files, clock } = fakeContext();
  const over = new AbortController();
  const sleeps: number[] = [];
  let fails = true;
  const sleep = async (ms: number): Promise<void> => {
    sleeps.push(ms);
    fails = false;
    if (sleeps.length === 2) over.abort();
  };
  files.put(log, lines(50_000));
  const writeAtomic = async (...words: Parameters<typeof files.writeAtomic>): Promise<void> => {
    if (fails) throw new Error("ENOSPC");
    await files.writeAtomic(...words);
  };
  await keepLogsShort({ files: { ...files, writeAtomic }, clock: { ...clock, sleep } }, [log], over.signal);
  expect(sleeps).toEqual([3_600_000, 3_600_000]);
  expect(files.text(log)).toBe("");
});

test("settings that cannot be used: one line, and waiting until they can", async () => {
  const file = "/home/mia/.config/ascalon/ascalon.yaml";
  const context = fakeContext({ files: { [file]: "vm: { cpus: six }\n" } });
  const said: string[] = [];
  const sleep = async (ms: number): Promise<void> => {
    await context.clock.sleep(ms);
    if (context.clock.monotonic() >= 60_000) context.files.put(file, "vm: { cpus: 2 }\n");
  };
  const slow = { ...context, clock: { ...context.clock, sleep } };
  expect(await waitForSettings(slow, (line) => said.push(line))).toBe(true);
  expect(said).toHaveLength(2);
  expect(said[0]).toMatch(/^waiting for settings that can be used: .*vm\.cpus/);
});

test("an agent that is ended while it waits ends", async () => {
  const context = fakeContext({ files: { "/home/mia/.config/ascalon/ascalon.yaml": "vm: 3\n" } });
  setTimeout(() => context.abort(), 5);
  expect(await waitForSettings(context, () => {})).toBe(false);
});
