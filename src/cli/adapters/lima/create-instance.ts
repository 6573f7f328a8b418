import { AscalonError } from "../../errors.ts";
import type { MachineDescription, Progress } from "../../machine/machine.ts";
import { instanceName, type Paths } from "../../paths.ts";
import { quote } from "../../quote.ts";
import { watchDownload } from "./download-watch.ts";
import type { LimaPorts } from "./limactl.ts";
import { isMadeByUs, madeFile } from "./made-file.ts";
import { dropZombiePids } from "./observe-processes.ts";
import { readPidFile } from "./pid-file.ts";

/** limactl's pid while it creates: it goes on when ascalon is killed, and then removes the folder when it fails. */
const creatorFile = (paths: Paths): string => `${paths.stateDir}/limactl-create.pid`;

/** How long a limactl that was told to end gets. */
const endMs = 10_000;

export async function createInstance(
  { context, paths, limactl }: LimaPorts,
  description: MachineDescription,
  progress: Progress,
): Promise<void> {
  const { files } = context;
  const file = `${paths.stateDir}/lima.yaml`;
  await files.writeAtomic(madeFile(paths), paths.instanceDir);
  await files.writeAtomic(file, description.limaYaml);
  let noted: Promise<unknown> = Promise.resolve();
  let watching: Promise<unknown> = Promise.resolve();
  const over = new AbortController();
  await limactl(["create", `--name=${instanceName}`, file], {
    verb: "create the VM",
    onMessage: progress,
    signal: context.signal,
    onStart: (pid) => {
      noted = files.writeAtomic(creatorFile(paths), `${pid}\n`).catch(() => {});
      watching = watchDownload(context, pid, progress, over.signal).catch(() => {});
    },
  }).finally(() => over.abort());
  await Promise.all([noted, watching]);
  await files.remove(creatorFile(paths));
}

/** Removes the instance, or what an interrupted create or delete left of it. */
export async function deleteInstance({ context, paths, limactl }: LimaPorts): Promise<void> {
  await endCreator({ context, paths });
  // limactl skips an instance without one, and fails at an empty one.
  const limaYaml = await context.files.readText(`${paths.instanceDir}/lima.yaml`);
  if (limaYaml !== undefined && limaYaml.trim() !== "") {
    await dropZombiePids(context, paths.instanceDir);
    await limactl(["delete", instanceName], { verb: "delete the VM", timeoutMs: 60_000 });
  } else {
    await removeHalf({ context, paths });
  }
  await context.files.remove(madeFile(paths));
}

/** Ends the `limactl create` of an ascalon that was killed. Left alone it would remove the folder under the next VM. */
async function endCreator({ context, paths }: Omit<LimaPorts, "limactl">): Promise<void> {
  const question = { path: creatorFile(paths), commandWords: ["create", `--name=${instanceName}`] };
  const until = context.clock.monotonic() + endMs;
  for (;;) {
    const { pid, state } = await readPidFile(question, context);
    if (pid === undefined || state !== "alive") break;
    const isLate = context.clock.monotonic() >= until;
    try {
      context.processes.kill(pid, isLate ? "SIGKILL" : "SIGTERM");
    } catch {
      // It has just ended by itself.
    }
    await context.clock.sleep(100, context.signal);
  }
  await context.files.remove(question.path);
}

/** A folder that lost its lima.yaml in an interrupted delete. limactl skips it; only ours may go. */
async function removeHalf({ context, paths }: Omit<LimaPorts, "limactl">): Promise<void> {
  if (!(await isMadeByUs(context, paths))) {
    throw new AscalonError("E_INSTANCE_HALF", {
      what: `${paths.instanceDir} has no lima.yaml, and nothing shows that ascalon created it`,
      run: `ls -la ${quote(paths.instanceDir)}`,
    });
  }
  await context.files.removeFolder(paths.instanceDir);
}
