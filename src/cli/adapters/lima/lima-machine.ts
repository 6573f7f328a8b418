import type { Context } from "../../context.ts";
import { AscalonError } from "../../errors.ts";
import type { Machine, Progress, StartOptions } from "../../machine/machine.ts";
import { instanceName, type Paths } from "../../paths.ts";
import type { Settings } from "../../settings/settings.ts";
import { findAccelerator, qemuOverride } from "./accelerator.ts";
import { createLimactl, limactlEnvironment } from "./limactl.ts";
import { appliedFile, homeDiskName, observeInstance } from "./observe-instance.ts";
import { recoverInstance } from "./recover-instance.ts";
import { startInstance, waitForBoot } from "./start-instance.ts";

const minuteMs = 60_000;

/** The machine that Lima runs. Nothing above this file knows limactl, its files or its texts. */
export function createLimaMachine(context: Context, paths: Paths, vmType: "vz" | "qemu"): Machine {
  const limactl = createLimactl(context, async () =>
    limactlEnvironment(
      context,
      paths.limaHome,
      qemuOverride(await findAccelerator(context, vmType, paths.stateDir), context.host.arch),
    ),
  );
  const observe = () => observeInstance(context, paths);
  const disk = async (...args: string[]): Promise<void> => {
    await limactl(["disk", ...args], { verb: `${args[0]} the home disk`, timeoutMs: minuteMs });
  };
  const recordSettings = (settings: Settings): Promise<void> =>
    context.files.writeAtomic(`${paths.instanceDir}/${appliedFile}`, `${JSON.stringify(settings)}\n`);

  return {
    observe,
    version: async () => {
      const { stdout } = await limactl(["--version"], { verb: "use Lima", timeoutMs: 10_000 });
      return /(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1];
    },
    createHomeDisk: (sizeBytes) => disk("create", homeDiskName, "--size", bytes(sizeBytes)),
    growHomeDisk: (sizeBytes) => disk("resize", homeDiskName, "--size", bytes(sizeBytes)),
    deleteHomeDisk: () => disk("delete", "--force", homeDiskName),

    create: async (description, progress) => {
      const file = `${paths.stateDir}/lima.yaml`;
      await context.files.writeAtomic(madeFile(paths), paths.instanceDir);
      await context.files.writeAtomic(file, description.limaYaml);
      await limactl(["create", `--name=${instanceName}`, file], {
        verb: "create the VM",
        onMessage: progress,
        signal: context.signal,
      });
      await recordSettings(description.settings);
    },

    reconfigure: async (description) => {
      await context.files.writeAtomic(`${paths.instanceDir}/lima.yaml`, description.limaYaml, 0o644);
      await recordSettings(description.settings);
    },

    recordSettings,

    start: (options: StartOptions, progress: Progress) =>
      startInstance({ context, paths, limactl }, options, progress),
    waitReady: (options: StartOptions, progress: Progress) =>
      waitForBoot({ context, paths }, options, progress),

    stop: async ({ force }, progress) => {
      // Lima waits 3 min for the host agent and 3 more for QEMU; past that it says itself what to do.
      await limactl(force ? ["stop", "--force", instanceName] : ["stop", instanceName], {
        verb: "stop the VM",
        timeoutMs: 7 * minuteMs,
        onMessage: progress,
      });
    },

    recover: (facts, progress) => recoverInstance({ context, paths, limactl }, facts, progress),

    delete: async () => {
      if ((await context.files.info(`${paths.instanceDir}/lima.yaml`)) !== undefined) {
        await limactl(["delete", instanceName], { verb: "delete the VM", timeoutMs: minuteMs });
      } else {
        await removeHalf(context, paths);
      }
      await context.files.remove(madeFile(paths));
    },

    resetRootDisk: async () => {
      await limactl(["factory-reset", instanceName], { verb: "reset the root disk", timeoutMs: minuteMs });
    },
  };
}

/** Names the folder that a create of ours began to fill, until it is deleted: what tells our remains from others'. */
const madeFile = (paths: Paths): string => `${paths.stateDir}/instance-folder`;

/** A folder that lost its lima.yaml in an interrupted delete. limactl skips it; only ours may go. */
async function removeHalf(context: Context, paths: Paths): Promise<void> {
  if ((await context.files.readText(madeFile(paths))) !== paths.instanceDir) {
    throw new AscalonError("E_INSTANCE_HALF", {
      what: `${paths.instanceDir} has no lima.yaml, and nothing says that ascalon made it`,
      why: "it looks like an instance whose deletion was interrupted; ascalon removes only its own",
      run: `look into it, then: rm -r ${paths.instanceDir}`,
    });
  }
  await context.files.removeFolder(paths.instanceDir);
}

/** Lima parses sizes with go-units; plain bytes are exact. */
const bytes = (size: number): string => `${size}B`;
