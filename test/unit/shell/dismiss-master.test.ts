import { expect, test } from "vitest";
import type { SocketReply } from "../../../src/cli/adapters/sockets.ts";
import { dismissMaster } from "../../../src/cli/shell/dismiss-master.ts";
import { type FakeContext, fakeContext } from "../../support/fake-context.ts";
import { sshTarget } from "../../support/ssh-target.ts";

const master = 4711;
const asked = `mux.c:mux_client_request_alive():1 (pid=9): done pid = ${master}\n`;

/** A master that does not hear `-O exit`, and whose socket answers so while it lives. */
function deaf(afterKill: SocketReply = { kind: "refused", code: "ECONNREFUSED" }): FakeContext {
  const context: FakeContext = fakeContext({
    sockets: {
      exchange: async () => (context.processes.living.has(master) ? { kind: "silent" } : afterKill),
    },
    programs: () => new Promise(() => {}),
  });
  context.processes.living.add(master);
  return context;
}
const killedMaster = (context: FakeContext) =>
  context.processes.killed.filter(([pid]) => pid === master).map(([, signal]) => signal);

test("a master that obeys is not killed", async () => {
  const context = fakeContext({ programs: () => ({ exitCode: 0 }) });
  context.processes.living.add(master);
  expect(await dismissMaster(context, sshTarget, asked)).toBe(true);
  expect(context.processes.calls[0]?.args).toContain("exit");
  expect(killedMaster(context)).toEqual([]);
});

test("one that obeys: nobody goes on waiting for that", async () => {
  const context = fakeContext({ programs: () => ({ exitCode: 0 }) });
  const { sleep } = context.clock;
  const signals: (AbortSignal | undefined)[] = [];
  context.clock.sleep = (ms, signal) => {
    signals.push(signal);
    return sleep(ms, signal);
  };
  await dismissMaster(context, sshTarget, asked);
  // A timer that goes on keeps the program from ending.
  expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
});

test.each<[string, SocketReply]>([
  ["which leaves its socket behind", { kind: "refused", code: "ECONNREFUSED" }],
  ["whose socket goes with it", { kind: "absent" }],
])("one that does not hear, %s, is killed within seconds, and so is who asked it", async (_, afterKill) => {
  const context = deaf(afterKill);
  const began = context.clock.monotonic();
  expect(await dismissMaster(context, sshTarget, asked)).toBe(true);
  expect(context.processes.killed).toEqual([
    [5000, "SIGKILL"],
    [master, "SIGKILL"],
  ]);
  expect(context.clock.monotonic() - began).toBeLessThan(5000);
});

test("one that was asked for nothing is left alone: others may be on it", async () => {
  const context = deaf();
  expect(await dismissMaster(context, sshTarget, "mux_client_hello_exchange: master version 4\n")).toBe(true);
  expect(killedMaster(context)).toEqual([]);
});

test("one that cannot be ended is told, because it may begin what it was asked for", async () => {
  const context = deaf({ kind: "silent" });
  expect(await dismissMaster(context, sshTarget, asked)).toBe(false);
});
