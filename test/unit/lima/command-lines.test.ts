import { expect, test } from "vitest";
import { readPidFiles } from "../../../src/cli/adapters/lima/pid-file.ts";
import { type FakeContext, fakeContext } from "../../support/fake-context.ts";
import type { Answer } from "../../support/fake-processes.ts";

const ask = (context: FakeContext, anew = false) =>
  readPidFiles(
    [
      { path: "/l/ha.pid", commandWords: ["hostagent", "/l/ha.pid"] },
      { path: "/l/vz.pid", commandWords: ["hostagent", "/l/ha.pid"] },
    ],
    context,
    { anew },
  );

const usual = { stdout: "  671 limactl hostagent --pidfile /l/ha.pid ascalon\n  711 /bin/sleep 5\n" };

/** A Mac: no /proc. */
function mac(programs: Answer = () => usual): FakeContext {
  const context = fakeContext({ host: { platform: "darwin" }, programs });
  context.files.put("/l/ha.pid", "671\n");
  context.files.put("/l/vz.pid", "711\n");
  for (const pid of [671, 711]) context.processes.living.add(pid);
  return context;
}

const both = [
  { pid: 671, state: "alive" },
  { pid: 711, state: "reused" },
];

test("one ps for both processes, and none while they are what they were", async () => {
  const context = mac();
  expect(await ask(context)).toEqual(both);
  expect(context.processes.calls.map(({ args }) => args.at(-1))).toEqual(["671,711"]);
  context.clock.advance(20_000);
  expect(await ask(context)).toEqual(both);
  expect(context.processes.calls).toHaveLength(1);
  context.clock.advance(20_000);
  await ask(context);
  expect(context.processes.calls).toHaveLength(2);
});

test("another user's process is another program, whatever it is called", async () => {
  const context = mac();
  const owns = (pid: number): boolean => pid !== 671;
  const known = await ask(Object.assign(context, { processes: { ...context.processes, owns } }));
  expect(known[0]).toEqual({ pid: 671, state: "reused" });
});

test("before something is ended by the answer it is looked at anew", async () => {
  const context = mac();
  await ask(context);
  await ask(context, true);
  expect(context.processes.calls).toHaveLength(2);
});

test("a path that the process spells in another way is the same folder's, or another program's", async () => {
  const context = mac(() => ({ stdout: "671 limactl hostagent --pidfile /Volumes/L 2/x/ha.pid ascalon\n" }));
  const state = async () =>
    (
      await readPidFiles(
        [{ path: "/l/ha.pid", commandWords: ["hostagent"], commandFile: "/l/ha.pid" }],
        context,
        { anew: true },
      )
    )[0]?.state;
  expect(await state()).toBe("reused");
  context.files.put("/Volumes/L 2/x", "/l", { kind: "symlink" });
  expect(await state()).toBe("alive");
});

test("a process that ended, or a file written anew, is seen at once", async () => {
  const context = mac();
  await ask(context);
  context.processes.living.delete(671);
  expect((await ask(context))[0]).toEqual({ pid: 671, state: "stale" });
  context.processes.living.add(671);
  context.files.put("/l/ha.pid", "671\n", { modifiedAt: 1 });
  await ask(context);
  expect(context.processes.calls).toHaveLength(2);
});

test("a ps that is slow once is asked again", async () => {
  let calls = 0;
  const context = mac(() => {
    calls += 1;
    return calls === 1 ? { timedOut: true } : usual;
  });
  expect(await ask(context)).toEqual(both);
});

test("one that does not answer says nothing of the VM, least of all that it is stopped", async () => {
  await expect(ask(mac(() => ({ timedOut: true })))).rejects.toMatchObject({ code: "E_PS" });
  await expect(ask(mac(() => undefined))).rejects.toMatchObject({ code: "E_PS" });
});

test("ps that knows neither: both are gone", async () => {
  const states = (await ask(mac(() => ({ exitCode: 1 })))).map(({ state }) => state);
  expect(states).toEqual(["stale", "stale"]);
});
