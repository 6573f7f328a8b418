import type { Existence, MachineFacts, ProcessState } from "../../src/cli/machine/facts.ts";
import type { Machine } from "../../src/cli/machine/machine.ts";
import { projectLimaYaml } from "../../src/cli/projections/lima-yaml.ts";
import { nixosLimaImages } from "../../src/cli/projections/nixos-image.ts";
import type { Settings } from "../../src/cli/settings/settings.ts";
import { factsOf } from "./machine-facts.ts";

type Method = Exclude<keyof Machine, "observe" | "version">;

export interface FakeMachine extends Machine {
  /** Every call that changes something, in order, with what it was given. */
  readonly calls: readonly string[];
  state: { exists: Existence; process: ProcessState; sshState: MachineFacts["ssh"]["state"] };
  applied: Settings | undefined;
  told: unknown;
  halted: MachineFacts["halted"];
  homeBytes: number | undefined;
  /** lima.yaml of the last create or reconfigure. */
  limaYaml: string | undefined;
  /** What `stop` has to say of how it ended. */
  stopTells: string | undefined;
  /** What `version` answers; an error is thrown. */
  installed: string | undefined | Error;
  /** Called instead of the method, once; what it throws the method throws. */
  instead: Partial<Record<Method, () => Promise<void> | void>>;
}

export interface FakeMachineStart {
  readonly exists?: Existence;
  readonly process?: ProcessState;
  readonly sshState?: MachineFacts["ssh"]["state"];
  readonly applied?: Settings;
  readonly homeBytes?: number;
}

const gib = 1024 ** 3;

/** The lima.yaml of a VM with these settings; of none for those of an ascalon that knew fewer. */
function madeFrom(settings: Settings | undefined): string | undefined {
  try {
    return settings && projectLimaYaml({ settings, images: nixosLimaImages });
  } catch {
    return undefined;
  }
}

/** A machine that keeps the rules of the Machine port and refuses what the real one would refuse. */
export function fakeMachine(start: FakeMachineStart = {}): FakeMachine {
  const calls: string[] = [];
  const exists = start.exists ?? "absent";
  const process = start.process ?? "stopped";
  const must = (isRight: boolean, rule: string): void => {
    if (!isRight) throw new Error(`the plan is wrong: ${rule}`);
  };

  const machine: FakeMachine = {
    calls,
    state: { exists, process, sshState: start.sshState ?? (process === "running" ? "up" : "unknown") },
    applied: start.applied,
    told: undefined,
    halted: undefined,
    homeBytes: start.homeBytes,
    limaYaml: undefined,
    stopTells: undefined,
    installed: "2.2.0",
    instead: {},

    observe: async () => {
      const { state, applied, told, homeBytes } = machine;
      return factsOf(state.exists, state.process, {
        sshState: state.sshState,
        applied: state.exists === "ours" ? applied : undefined,
        limaYaml: state.exists === "ours" ? (machine.limaYaml ?? madeFrom(applied)) : undefined,
        told: state.exists === "ours" ? told : undefined,
        halted: machine.halted,
        homeDisk: homeBytes === undefined ? undefined : { sizeBytes: homeBytes, allocatedBytes: gib },
      });
    },
    version: async () => {
      if (machine.installed instanceof Error) throw machine.installed;
      return machine.installed;
    },
    resume: () =>
      act("resume", "", () => {
        must(machine.halted !== undefined, "nothing is paused");
        machine.halted = undefined;
        machine.state.sshState = "up";
      }),
    createHomeDisk: (sizeBytes) =>
      act("createHomeDisk", `${sizeBytes / gib} GiB`, () => {
        must(machine.homeBytes === undefined, "there is a home disk");
        machine.homeBytes = sizeBytes;
      }),
    growHomeDisk: (sizeBytes) =>
      act("growHomeDisk", `${sizeBytes / gib} GiB`, () => {
        must(machine.state.process === "stopped", "a disk of a running VM is not grown");
        must(sizeBytes > (machine.homeBytes ?? 0), "a disk only grows");
        machine.homeBytes = sizeBytes;
      }),
    deleteHomeDisk: () =>
      act("deleteHomeDisk", "", () => {
        must(machine.state.exists === "absent", "the VM still uses the disk");
        machine.homeBytes = undefined;
      }),
    create: ({ limaYaml, settings }) =>
      act("create", "", () => {
        must(machine.state.exists === "absent", "something is there");
        must(machine.homeBytes !== undefined, "no home disk");
        Object.assign(machine, { limaYaml, applied: settings });
        machine.state.exists = "ours";
      }),
    reconfigure: ({ limaYaml, settings }) =>
      act("reconfigure", "", () => {
        must(machine.state.process === "stopped", "a running VM is not rewritten");
        Object.assign(machine, { limaYaml, applied: settings });
      }),
    redescribe: (limaYaml) =>
      act("redescribe", "", () => {
        Object.assign(machine, { limaYaml });
      }),
    recordSettings: (settings) =>
      act("recordSettings", "", () => {
        machine.applied = settings;
      }),
    recordTold: (told) =>
      act("recordTold", "", () => {
        machine.told = told;
      }),
    start: ({ wait, signal }, progress) =>
      act("start", wait ? "" : "no wait", () => {
        signal.throwIfAborted();
        must(machine.state.exists === "ours" && machine.state.process === "stopped", "not to be started");
        progress("Waiting for the essential requirement 1 of 2: ssh");
        machine.state.process = wait ? "running" : "starting";
        machine.state.sshState = wait ? "up" : "refused";
      }),
    waitReady: (_options, progress) =>
      act("waitReady", "", () => {
        must(["starting", "running"].includes(machine.state.process), "nothing to wait for");
        progress("Waiting for the guest agent");
        machine.state.process = "running";
        machine.state.sshState = "up";
      }),
    stop: ({ force }) =>
      act("stop", force ? "force" : "", () => {
        must(machine.state.process !== "stopped", "it is stopped");
        machine.state.process = "stopped";
      }).then(() => machine.stopTells),
    recover: () =>
      act("recover", "", () => {
        must(["broken", "leftover"].includes(machine.state.process), "nothing is broken");
        machine.state.process = "stopped";
      }),
    delete: () =>
      act("delete", "", () => {
        must(machine.state.process === "stopped" || machine.state.exists === "half", "it runs");
        machine.state.exists = "absent";
        machine.state.process = "stopped";
        machine.told = undefined;
      }),
    resetRootDisk: () => act("resetRootDisk", "", () => {}),
  };

  async function act(method: Method, argument: string, effect: () => void): Promise<void> {
    calls.push(argument === "" ? method : `${method} ${argument}`);
    const instead = machine.instead[method];
    delete machine.instead[method];
    if (instead) await instead();
    else effect();
  }

  return machine;
}
