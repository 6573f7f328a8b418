import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { systemProcesses } from "../../../src/cli/adapters/process.ts";
import { stayAwake } from "../../../src/cli/lifecycle/stay-awake.ts";
import { fakeContext } from "../../support/fake-context.ts";
import { fakeMachine } from "../../support/fake-machine.ts";
import { settingsOf } from "../../support/machine-facts.ts";
import { hostContext, runApp } from "../../support/run-app.ts";

const awake = { kind: "run", file: "/usr/bin/caffeinate", args: ["-i", "-w", String(process.pid)] };

const runs = async (argv: readonly string[], platform: "darwin" | "linux", vm: "stopped" | "running") => {
  const machine = fakeMachine({
    exists: "ours",
    process: vm,
    applied: settingsOf(),
    homeBytes: 50 * 1024 ** 3,
  });
  const context = hostContext({ host: { platform }, machine });
  await runApp(argv, context);
  return context.processes.calls.filter(({ file }) => file === awake.file);
};

test("a Mac is kept awake by what changes the VM, and by nothing else", async () => {
  expect(await runs(["up"], "darwin", "stopped")).toMatchObject([awake]);
  expect(await runs(["up"], "darwin", "running")).toEqual([]);
  expect(await runs(["status"], "darwin", "stopped")).toEqual([]);
  expect(await runs(["up"], "linux", "stopped")).toEqual([]);
});

test.each(["ends", "fails"])("until that %s", async (how) => {
  let pid: number | undefined;
  const ended = new Set<number>();
  // Stands in for caffeinate, with its words.
  const processes: typeof systemProcesses = {
    ...systemProcesses,
    run: async (_file, _args, options) => {
      const result = await systemProcesses.run("sleep", ["600"], {
        ...options,
        onStart: (its) => {
          pid = its;
        },
      });
      if (pid !== undefined) ended.add(pid);
      return result;
    },
  };
  const context = { ...fakeContext({ host: { platform: "darwin" } }), processes };
  const work = async (): Promise<void> => {
    await expect.poll(() => pid).toBeDefined();
    expect(spawnSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" }).stdout).toContain("600");
    if (how === "fails") throw new Error("no build");
  };
  await stayAwake(context, work).catch(() => {});
  await expect.poll(() => ended.has(pid ?? -1)).toBe(true);
});
