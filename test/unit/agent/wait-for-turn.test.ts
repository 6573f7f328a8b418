import { expect, test } from "vitest";
import { runInTurn } from "../../../src/cli/agent/wait-for-turn.ts";
import { AscalonError } from "../../../src/cli/errors.ts";
import { agentLockFolder, withLock } from "../../../src/cli/lifecycle/lock.ts";
import { pathsOf } from "../../../src/cli/paths.ts";
import { statusSchema } from "../../../src/shared/status.ts";
import { type FakeContext, fakeContext } from "../../support/fake-context.ts";

/** A context in which this process and, until it ends, another agent of pid 77 live. */
function besideAnother(): { context: FakeContext; stateDir: string; writes: (forSeconds: number) => void } {
  const stat = (pid: number): string => `${pid} (node) S 0 ${"0 ".repeat(17)}${pid}`;
  const { stateDir } = pathsOf(fakeContext());
  const context = fakeContext({
    files: {
      [`/proc/${process.pid}/stat`]: stat(process.pid),
      "/proc/77/stat": stat(77),
      [`${agentLockFolder(stateDir)}/lock.d/1`]: JSON.stringify({
        pid: 77,
        startedAt: " 77",
        command: "ascalon agent run",
      }),
    },
  });
  context.processes.living.add(process.pid).add(77);
  const writes = (forSeconds: number): void => {
    const writtenAt = Math.floor(context.clock.now() / 1000);
    const status = {
      schema: statusSchema,
      writtenAt,
      nextWriteBy: writtenAt + forSeconds,
      ascalon: "0.0.0",
      vm: { state: "running", since: writtenAt },
      links: [],
      mux: { socketPath: "/m" },
      gui: [],
      codec: { verdict: "unknown" },
      attention: [],
    };
    context.files.put(`${stateDir}/status.json`, JSON.stringify(status));
  };
  return { context, stateDir, writes };
}

test("a second agent of the login waits with one word until the first ends, and takes its place", async () => {
  const { context, stateDir, writes } = besideAnother();
  writes(600);
  const said: string[] = [];
  let tries = 0;
  let ran = 0;
  const sleep = async (ms: number): Promise<void> => {
    await context.clock.sleep(ms);
    // Killed, and its last promise goes on for some minutes.
    if (context.clock.monotonic() >= 300_000) context.processes.living.delete(77);
  };
  await runInTurn(
    { ...context, clock: { ...context.clock, sleep } },
    (line) => said.push(line),
    async () => {
      tries += 1;
      await withLock(context, agentLockFolder(stateDir), "ascalon agent run", async () => {
        ran += 1;
      });
    },
  );
  expect(ran).toBe(1);
  // Its lock is looked at, which on a Mac takes a ps, only when its status says that it is over.
  expect(tries).toBe(2);
  expect(said).toEqual([expect.stringMatching(/^waiting until it ends: .*`ascalon agent run`, pid 77/)]);
});

test("an agent that is ended while it waits ends, and any other failure is its own", async () => {
  const { context, writes } = besideAnother();
  const locked = async (): Promise<never> => {
    throw new AscalonError("E_LOCKED", { what: "another ascalon is working" });
  };
  writes(600);
  const sleep = async (ms: number): Promise<void> => {
    await context.clock.sleep(ms);
    if (context.clock.monotonic() >= 20_000) context.abort();
  };
  await runInTurn({ ...context, clock: { ...context.clock, sleep } }, () => {}, locked);
  expect(context.signal.aborted).toBe(true);
  const failing = async (): Promise<never> => {
    throw new Error("no disk");
  };
  await expect(runInTurn(besideAnother().context, () => {}, failing)).rejects.toThrow("no disk");
});
