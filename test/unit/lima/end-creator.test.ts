import { expect, it } from "vitest";
import { createLimaMachine } from "../../../src/cli/adapters/lima/lima-machine.ts";
import { pathsOf } from "../../../src/cli/paths.ts";
import { fakeContext } from "../../support/fake-context.ts";

const folder = "/home/mia/.lima/ascalon";
const pidFile = "/home/mia/.local/state/ascalon/limactl-create.pid";

/** A `limactl create` that an ascalon which was killed left behind. */
function arrange() {
  const context = fakeContext({
    files: {
      [pidFile]: "671\n",
      "/proc/671/cmdline": "limactl\0--tty=false\0create\0--name=ascalon\0",
      "/home/mia/.local/state/ascalon/instance-folder": folder,
      [`${folder}/image`]: "half",
    },
  });
  context.processes.living.add(671);
  return context;
}

const destroy = (context: ReturnType<typeof arrange>): Promise<void> =>
  createLimaMachine(context, pathsOf(context), async () => "qemu").delete();

it("a create that is left behind is ended before its folder is removed", async () => {
  const context = arrange();
  await destroy(context);
  expect(context.processes.killed).toEqual([[671, "SIGTERM"]]);
  // Nothing of it is left, and no word that what may be made there next were ascalon's.
  expect(context.files.paths().filter((path) => !path.startsWith("/proc/"))).toEqual([]);
});

it("one that ends just as it is to be ended is no failure", async () => {
  const context = arrange();
  const kill = (pid: number): void => {
    context.processes.living.delete(pid);
    throw Object.assign(new Error("kill ESRCH"), { code: "ESRCH" });
  };
  await destroy({ ...context, processes: { ...context.processes, kill } });
  expect(context.files.text(pidFile)).toBeUndefined();
});
