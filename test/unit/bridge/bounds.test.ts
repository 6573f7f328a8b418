import { describe, expect, test } from "vitest";
import { environmentFor } from "../../../src/cli/bridge/environment.ts";
import { createBridgeLog } from "../../../src/cli/bridge/log.ts";
import { createRateLimit } from "../../../src/cli/bridge/rate.ts";
import { createTurns } from "../../../src/cli/bridge/turns.ts";
import { fakeContext, testHost } from "../../support/fake-context.ts";

describe("rate", () => {
  test("a burst, then so many a second", () => {
    let now = 0;
    const may = createRateLimit({ burst: 3, perSecond: 2 }, () => now);
    expect([may(), may(), may(), may()]).toEqual([true, true, true, false]);
    now = 500;
    expect([may(), may()]).toEqual([true, false]);
    now = 1_000_000;
    expect([may(), may(), may(), may()]).toEqual([true, true, true, false]);
  });
});

describe("turns", () => {
  test("so many at once, the others in order, and who goes away gives up the place", async () => {
    const turns = createTurns(1);
    const signal = new AbortController().signal;
    const leaving = new AbortController();
    const first = await turns.take(signal);
    const order: string[] = [];
    const second = turns.take(leaving.signal).catch(() => order.push("left"));
    const third = turns.take(signal).then((give) => {
      order.push("third");
      return give;
    });
    leaving.abort();
    await second;
    first();
    first();
    (await third)();
    expect(order).toEqual(["left", "third"]);
    await turns.take(signal);
  });
});

describe("log", () => {
  const path = "/home/mia/.local/state/ascalon/log/bridge.log";
  test("turns over, so that it is two files of 1 MiB at most", async () => {
    const context = fakeContext();
    let now = 0;
    const log = createBridgeLog(context.files, { now: () => 0, monotonic: () => now }, path);
    for (let i = 0; i < 30_000; i += 1) {
      now += 60;
      log.write("x".repeat(100));
      if (i % 100 === 0) await log.settled();
    }
    await log.settled();
    const sizes = [path, `${path}.1`].map(async (file) => (await context.files.readText(file))?.length ?? 0);
    for (const size of await Promise.all(sizes)) {
      expect(size).toBeGreaterThan(0);
      expect(size).toBeLessThanOrEqual(1024 * 1024);
    }
  });

  test("a flood of lines is counted", async () => {
    const context = fakeContext();
    let now = 0;
    const log = createBridgeLog(context.files, { now: () => 0, monotonic: () => now }, path);
    for (let i = 0; i < 5_000; i += 1) log.write("flood");
    now = 1_000;
    log.write("after");
    await log.settled();
    const lines = (await context.files.readText(path))?.trim().split("\n") ?? [];
    expect(lines).toHaveLength(1002);
    expect(lines.at(-2)).toContain("4000 more lines were left out");
  });
});

describe("environment", () => {
  const host = { env: { HOME: "/home/mia", USER: "mia", SECRET: "x", PATH: "/evil" }, host: testHost };
  test("the host's, with what the rule takes of the guest's", () => {
    const env = environmentFor(
      host,
      [
        ["OP_SESSION_x", "abc"],
        ["OP_SESSION_%", "abc"],
        ["OP_SESSION_", "abc"],
        ["TERM", "xterm"],
        ["LANG", "de_DE.UTF-8\nX=1"],
        ["HOME", "/evil"],
        ["PATH", "/evil"],
        ["NODE_OPTIONS", "-r x"],
      ],
      ["TERM", "OP_SESSION_*"],
    );
    expect(env).toMatchObject({ HOME: "/home/mia", USER: "mia", TERM: "xterm", OP_SESSION_x: "abc" });
    expect(Object.keys(env).sort()).toEqual(["HOME", "OP_SESSION_", "OP_SESSION_x", "PATH", "TERM", "USER"]);
    expect(env.PATH).not.toContain("evil");
  });
});
