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

test("one that does not hear is killed within seconds", async () => {
  const context = deaf();
  const began = context.clock.monotonic();
  expect(await dismissMaster(context, sshTarget, asked)).toBe(true);
  expect(killedMaster(context)).toEqual(["SIGKILL"]);
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
