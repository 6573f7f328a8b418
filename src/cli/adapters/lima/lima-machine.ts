import type { Context } from "../../context.ts";
import type { Machine } from "../../machine/machine.ts";
import { instanceName, type Paths } from "../../paths.ts";
import type { Settings } from "../../settings/settings.ts";
import { findAccelerator, qemuOverride } from "./accelerator.ts";
import { createInstance, deleteInstance } from "./create-instance.ts";
import { resumeHalted } from "./halt.ts";
import { createHomeDisk, deleteHomeDisk, growHomeDisk } from "./home-disk.ts";
import { createLimactl, type LimaPorts, limactlEnvironment } from "./limactl.ts";
import { appliedFile, observeInstance, toldFile, writtenFile } from "./observe-instance.ts";
import { recoverInstance } from "./recover-instance.ts";
import { startInstance, waitReady } from "./start-instance.ts";
import { stopInstance } from "./stop-instance.ts";

/** The machine that Lima runs. Nothing above this file knows limactl, its files or its texts. */
export function createLimaMachine(
  context: Context,
  paths: Paths,
  vmType: () => Promise<"vz" | "qemu">,
): Machine {
  const limactl = createLimactl(context, async () =>
    limactlEnvironment(
      context,
      paths.limaHome,
      qemuOverride(await findAccelerator(context, await vmType(), paths.stateDir), context.host.arch),
    ),
  );
  const ports: LimaPorts = { context, paths, limactl };
  const recordSettings = (settings: Settings): Promise<void> =>
    context.files.writeAtomic(`${paths.instanceDir}/${appliedFile}`, `${JSON.stringify(settings)}\n`);
  const noteWritten = (limaYaml: string): Promise<void> =>
    context.files.writeAtomic(`${paths.instanceDir}/${writtenFile}`, limaYaml);
  const redescribe = async (limaYaml: string): Promise<void> => {
    await context.files.writeAtomic(`${paths.instanceDir}/lima.yaml`, limaYaml, 0o644);
    await noteWritten(limaYaml);
  };

  return {
    observe: () => observeInstance(context, paths),
    version: async () => {
      const { stdout } = await limactl(["--version"], { verb: "use Lima", timeoutMs: 10_000 });
      return /(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1];
    },
    createHomeDisk: (sizeBytes) => createHomeDisk(ports, sizeBytes),
    growHomeDisk: (sizeBytes) => growHomeDisk(ports, sizeBytes),
    deleteHomeDisk: () => deleteHomeDisk(ports),

    create: async (description, progress) => {
      await createInstance(ports, description, progress);
      await noteWritten(description.limaYaml);
      // Last: what tells a whole instance from one whose creation was interrupted.
      await recordSettings(description.settings);
    },

    reconfigure: async (description) => {
      await redescribe(description.limaYaml);
      await recordSettings(description.settings);
    },

    redescribe,
    recordSettings,
    recordTold: (told) =>
      context.files.writeAtomic(`${paths.instanceDir}/${toldFile}`, `${JSON.stringify(told)}\n`),
    start: (options, progress) => startInstance(ports, options, progress),
    waitReady: (options, progress) => waitReady(ports, options, progress),
    resume: (halted, progress) => resumeHalted(context, paths, halted, progress),
    stop: ({ force }, progress) => stopInstance(ports, force, progress),
    recover: (facts, progress) => recoverInstance(ports, facts, progress),
    delete: () => deleteInstance(ports),
    resetRootDisk: async () => {
      await limactl(["factory-reset", instanceName], { verb: "reset the root disk", timeoutMs: 60_000 });
    },
  };
}
