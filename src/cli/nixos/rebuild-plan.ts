import { rollbackTimer } from "./rollback-timer.ts";
import { switchScript } from "./switch-script.ts";

/** What a rebuild is asked to be. */
export interface RebuildWish {
  /** The attribute below nixosConfigurations. */
  readonly host: string;
  /** Only the next start brings the new system. */
  readonly boot: boolean;
  readonly rollback: boolean;
  readonly confirmSeconds: number;
  /** Inputs to update first; an empty list for all of them, undefined for none. */
  readonly update?: readonly string[];
  /** A system that exists: nothing is copied and built. */
  readonly generation?: { readonly number: number; readonly system: string };
}

export interface RebuildFacts {
  /** Store path of the system that runs. */
  readonly currentSystem: string;
  /** Whether the guest runs a system of ascalon's already, or the generic image's. */
  readonly isAscalonSystem: boolean;
  /** Where the flake lies that is built. */
  readonly flake?: string;
}

/** One thing to do in the guest, as root. */
export interface RebuildStep {
  readonly id:
    | "update"
    | "dry-build"
    | "build"
    | "arm"
    | "activate"
    | "check"
    | "make-default"
    | "confirm"
    | "restart";
  readonly says: string;
  /** Arguments of sudo; none for what the host does itself. `NEW` stands for the path that `build` printed. */
  readonly argv?: readonly string[];
}

/** What a plan of the lifecycle is made of when the guest's system changes. */
export type SystemStepKind = RebuildStep["id"] | "upload-flake" | "record-system";

/** Stands in argv for the store path that the build step prints. */
export const newSystem = "@NEW@";

/** Keeps garbage collection away from the new system until a profile does. */
const newSystemLink = "/run/ascalon-new-system";

/** The flake of the system that was confirmed last, for whoever works in the guest. */
export const flakeFolder = "/etc/nixos";

/** The flake that is built: it takes the place of the other one only with the system that came of it. */
export const triedFlakeFolder = "/var/lib/ascalon/flake";

/** `nix` of a guest whose settings may not have flakes on yet. */
const nix = ["nix", "--extra-experimental-features", "nix-command flakes"] as const;

/**
 * The steps of a rebuild. The new system is tried before it becomes the default: until the host has confirmed it, a
 * restart of any kind, a power cut too, brings the old one.
 */
export function planRebuild(wish: RebuildWish, facts: RebuildFacts): readonly RebuildStep[] {
  const { flake = triedFlakeFolder } = facts;
  const toplevel = `path:${flake}#nixosConfigurations."${wish.host}".config.system.build.toplevel`;
  // The image's own boot service restarts in a live switch to ascalon's system, and takes the connection with it.
  const boot = wish.boot || !facts.isAscalonSystem;
  if (wish.generation) return wish.boot ? bootSteps(wish, facts) : trySteps(wish, facts);
  return [
    ...(wish.update === undefined ? [] : [updateStep(wish.update, flake)]),
    {
      id: "dry-build",
      says: "asking what would be built and fetched",
      argv: [...nix, "build", "--dry-run", toplevel],
    },
    {
      id: "build",
      says: "building",
      argv: [...nix, "build", "--out-link", newSystemLink, "--print-out-paths", toplevel],
    },
    ...(boot ? bootSteps(wish, facts) : trySteps(wish, facts)),
  ];
}

const updateStep = (inputs: readonly string[], flake: string): RebuildStep => ({
  id: "update",
  says: inputs.length === 0 ? "updating all inputs" : `updating ${inputs.join(", ")}`,
  argv: [...nix, "flake", "update", ...inputs, "--flake", `path:${flake}`],
});

const makeDefault = ({ generation }: RebuildWish): readonly RebuildStep[] => [
  {
    id: "make-default",
    says: "making it the system of the next start",
    argv: switchScript.makeDefault(newSystem, generation?.number),
  },
];

/** The new system itself runs the way back when its start is not confirmed; one that does not start at all cannot. */
const bootSteps = (wish: RebuildWish, facts: RebuildFacts): readonly RebuildStep[] => [
  ...(wish.rollback ? [armStep(wish, facts)] : []),
  ...makeDefault(wish),
  { id: "restart", says: "restarting the machine" },
  checkStep,
  ...(wish.rollback ? [confirmStep] : []),
];

const armStep = (wish: RebuildWish, facts: RebuildFacts): RebuildStep => ({
  id: "arm",
  says: `arming the way back in ${wish.confirmSeconds} s`,
  argv: rollbackTimer.arm(facts.currentSystem, wish.confirmSeconds),
});

const confirmStep: RebuildStep = { id: "confirm", says: "confirming", argv: rollbackTimer.confirm };

const checkStep: RebuildStep = {
  id: "check",
  says: "checking ssh, /home, the mux, the links and failed units",
};

function trySteps(wish: RebuildWish, facts: RebuildFacts): readonly RebuildStep[] {
  return [
    ...(wish.rollback ? [armStep(wish, facts)] : []),
    { id: "activate", says: "switching", argv: switchScript.live(newSystem) },
    checkStep,
    // The timer is taken away before the default changes: the other way round it could fire between the two, and a
    // restart would bring what was just found wanting.
    ...(wish.rollback ? [confirmStep] : []),
    ...makeDefault(wish),
  ];
}

/** The same as kinds of steps, with what the host does around them. `boot` of the wish decides how. */
export function systemStepKinds(wish: RebuildWish): readonly SystemStepKind[] {
  const kinds = planRebuild(wish, { currentSystem: "", isAscalonSystem: true }).map(({ id }) => id);
  return [...(wish.generation ? [] : (["upload-flake"] as const)), ...kinds, "record-system"];
}
