import { describe, expect, test } from "vitest";
import { environmentFor } from "../../../src/cli/bridge/environment.ts";
import { createInputBudget } from "../../../src/cli/bridge/input-budget.ts";
import { createBridgeLog } from "../../../src/cli/bridge/log.ts";
import { createRateLimit } from "../../../src/cli/bridge/rate.ts";
import { readTogether } from "../../../src/cli/bridge/read-together.ts";
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

describe("reading together", () => {
  test("is one reading at a time, and begins after it was asked for", async () => {
    let [readings, atOnce, most] = [0, 0, 0];
    const read = readTogether(async () => {
      readings += 1;
      atOnce += 1;
      most = Math.max(most, atOnce);
      const mine = readings;
      await new Promise((resolve) => setImmediate(resolve));
      atOnce -= 1;
      return mine;
    });
    expect(await Promise.all([read(), read(), read()])).toEqual([1, 2, 2]);
    expect(await read()).toBe(3);
    const flood = Array.from({ length: 50 }, async () => {
      await read();
      await read();
    });
    await Promise.all(flood);
    expect(most).toBe(1);
    expect(readings).toBeLessThan(10);
  });

  test("fails for those who asked, and for nobody else", async () => {
    let fails = true;
    const read = readTogether(async () => {
      if (fails) throw new Error("no");
      return "yes";
    });
    const first = read();
    const second = read();
    fails = false;
    await expect(first).rejects.toThrow("no");
    expect(await second).toBe("yes");
    expect(await read()).toBe("yes");
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

  test("turns over in the middle of many lines as well, and no line is long", async () => {
    const context = fakeContext({ files: { [path]: "x".repeat(1024 * 1024 - 5_000) } });
    const log = createBridgeLog(context.files, { now: () => 0, monotonic: () => 0 }, path);
    for (let i = 0; i < 900; i += 1) log.write("ü".repeat(120_000));
    await log.settled();
    const bytes = async (file: string): Promise<number> =>
      Buffer.byteLength((await context.files.readText(file)) ?? "");
    expect(await bytes(path)).toBeGreaterThan(400_000);
    for (const file of [path, `${path}.1`]) expect(await bytes(file)).toBeLessThanOrEqual(1024 * 1024);
    const lines = (await context.files.readText(path))?.trimEnd().split("\n") ?? [];
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(340);
  });

  test("a line stays one, whatever is in it", async () => {
    const context = fakeContext();
    const log = createBridgeLog(context.files, { now: () => 0, monotonic: () => 0 }, path);
    log.write("op: a\nb \u009b31mc\u001b[31md");
    await log.settled();
    expect(await context.files.readText(path)).toBe("1970-01-01T00:00:00.000Z op: a b  31mcd\n");
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

describe("what calls are given on stdin", () => {
  test("each has its bound, and all that run have one together", () => {
    const inputOf = createInputBudget(100 * 1024 ** 2);
    const first = inputOf("op document create", 80 * 1024 ** 2);
    expect([first.take(50 * 1024 ** 2), first.take(30 * 1024 ** 2)]).toEqual([undefined, undefined]);
    const second = inputOf("op document edit", 80 * 1024 ** 2);
    expect(second.take(20 * 1024 ** 2 + 1)).toBe("calls at once take at most 100 MiB on stdin");
    second.giveBack();
    second.giveBack();
    expect(inputOf("op inject", 30 * 1024 ** 2).take(20 * 1024 ** 2)).toBeUndefined();
    first.giveBack();
    expect(inputOf("op document edit", 80 * 1024 ** 2).take(80 * 1024 ** 2)).toBeUndefined();
    expect(createInputBudget(1e12)("pbcopy", 2 * 1024 ** 3).take(2 * 1024 ** 3 + 1)).toBe(
      "pbcopy takes at most 2 GiB on stdin",
    );
  });
});
