import { describe, expect, test } from "vitest";
import type { SocketReply } from "../../../src/cli/adapters/sockets.ts";
import { watchMaster } from "../../../src/cli/shell/master-watch.ts";
import { type FakeContext, fakeContext } from "../../support/fake-context.ts";
import { sshTarget } from "../../support/ssh-target.ts";

const log = "/s/log";
const hello = "mux_client_hello_exchange: master version 4\n";
const session = `${hello}master session id: 2\n`;
const helloPacket = Buffer.from([0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 4]);
const answers: SocketReply = { kind: "data", bytes: helloPacket, ended: false };

function watch(
  text: string,
  master: SocketReply,
  login: { readonly tookMs: number; readonly code?: number } = { tookMs: 300 },
) {
  const context: FakeContext = fakeContext({
    files: { [log]: text },
    sockets: {
      exchange: async () => master,
      probeTcpBanner: async () => {
        throw new Error("a connection without a login");
      },
    },
    programs: async () => {
      await context.clock.sleep(login.tookMs);
      return { exitCode: login.code ?? 0 };
    },
  });
  const controller = new AbortController();
  return { context, controller, verdict: watchMaster(context, sshTarget, log, controller.signal) };
}

describe("a call through the master", () => {
  test("that has its session is left alone after one look", async () => {
    const { context, verdict } = watch(session, { kind: "silent" });
    expect(await verdict).toBeUndefined();
    expect(context.clock.slept).toEqual([300]);
  });

  test("whose master accepts and says nothing is given up at the first look", async () => {
    const { context, verdict } = watch("", { kind: "silent" });
    expect(await verdict).toBe("master-stopped");
    expect(context.clock.slept).toEqual([300]);
  });

  test.each(["absent", "refused"] as const)(
    "that found it %s makes its own, with ssh's own time limits",
    async (kind) => {
      const { verdict } = watch("", kind === "absent" ? { kind } : { kind, code: "ECONNREFUSED" });
      expect(await verdict).toBeUndefined();
    },
  );

  test("that gets no session while the guest lets others log in is given up after four seconds", async () => {
    const { context, verdict } = watch(hello, answers);
    expect(await verdict).toBe("connection-dead");
    const waited = context.clock.slept.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThanOrEqual(4000);
    expect(waited).toBeLessThan(5500);
  });

  test("that gets no session waits longer than three logins of a guest that is slow", async () => {
    const { context, verdict } = watch(hello, answers, { tookMs: 8_000 });
    expect(await verdict).toBe("connection-dead");
    const waited = context.clock.slept.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThanOrEqual(24_000);
    expect(waited).toBeLessThan(36_000);
  });

  test.each([
    ["answers nobody", { tookMs: 30_000, code: 255 }],
    ["greets and lets nobody in", { tookMs: 300, code: 255 }],
  ] as const)("that gets no session from a guest which %s waits half a minute", async (_, login) => {
    const { context, verdict } = watch(hello, answers, login);
    expect(await verdict).toBe("guest-silent");
    // Each is counted by sshd against this host: five seconds, and fifteen are too much.
    expect(context.processes.calls.length).toBeLessThanOrEqual(4);
    expect(context.clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(30_000);
  });

  test("that the master answers at last is not sent another way: its request is on the way", async () => {
    const { context, verdict } = watch("", { kind: "silent" });
    const { sleep } = context.clock;
    // While the master is looked at, which takes a second, it says hello; the session comes later.
    context.sockets.exchange = async () => {
      context.files.put(log, hello);
      return { kind: "silent" };
    };
    context.clock.sleep = async (ms, signal) => {
      await sleep(ms, signal);
      if (context.clock.monotonic() >= 3_000) context.files.put(log, session);
    };
    expect(await verdict).toBeUndefined();
    expect(context.clock.monotonic()).toBeGreaterThanOrEqual(3_000);
  });

  test("that gets its session while a login is tried is left alone", async () => {
    const { context, verdict } = watch(hello, answers, { tookMs: 1 });
    const { run } = context.processes;
    context.processes.run = async (...words) => {
      const result = await run(...words);
      context.files.put(log, session);
      return result;
    };
    expect(await verdict).toBeUndefined();
    expect(context.processes.calls).toHaveLength(1);
  });

  test("that has ended is not looked at any more", async () => {
    const { context, controller, verdict } = watch(hello, answers);
    controller.abort(new Error("over"));
    await expect(verdict).rejects.toThrow("over");
    expect(context.processes.calls).toEqual([]);
  });
});
