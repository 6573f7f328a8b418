import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import type { GuestPort, GuestResult } from "../machine/guest-port.ts";
import type { Machine, Progress, StartOptions } from "../machine/machine.ts";
import type { Settings } from "../settings/settings.ts";
import { makeRoom } from "./dry-build.ts";
import type { FolderToCome } from "./folders-to-come.ts";
import type { Flake } from "./read-flake.ts";
import {
  newSystem,
  planRebuild,
  type RebuildStep,
  type RebuildWish,
  triedFlakeFolder,
} from "./rebuild-plan.ts";
import { refuseOtherSystem, requireSystemFacts, type SystemFacts } from "./system-facts.ts";

/** A change of the guest's system: what it is to be, and what its steps have found out so far. */
export interface SystemWork {
  readonly context: Context;
  readonly machine: Machine;
  readonly settings: Settings;
  readonly wish: RebuildWish;
  readonly start: StartOptions;
  /** Where the flake is put and built, when not in the usual place. */
  readonly flakeFolder?: string;
  /** A sentence for the person, at once. */
  readonly note: (text: string) => void;
  found: {
    guest?: GuestPort;
    /** Of the system that ran when the work began. */
    before?: SystemFacts;
    /** Links that were up by then. */
    linksUp?: readonly string[] | undefined;
    flake?: Flake;
    /** What the new system says of the settings that it was built with, once it was found healthy. */
    told?: unknown;
    /** Folders that it mounts, and that the running VM does not offer yet. */
    toCome?: readonly FolderToCome[];
    /** Store path of the new system. */
    built?: string;
    /** On the monotonic clock: the guest's timer fires not before so long after this as it was told. */
    armedMs?: number;
  };
}

/** The command that asks for the same again. */
export const sameAgain = ({ wish: { generation } }: SystemWork): string =>
  generation ? `ascalon rollback ${generation.number}` : "ascalon rebuild";

export async function guestOf(work: SystemWork): Promise<GuestPort> {
  work.found.guest ??= await work.context.openGuest(work.context);
  return work.found.guest;
}

/** Where the flake lies that this work is about. */
export const triedFlakeOf = ({ flakeFolder = triedFlakeFolder }: SystemWork): string => flakeFolder;

/** Read once: later it is the new system that would answer. */
export async function factsBefore(work: SystemWork, folder = ""): Promise<SystemFacts> {
  if (work.found.before) return work.found.before;
  const facts = await requireSystemFacts(await guestOf(work), folder);
  refuseOtherSystem(facts);
  const { linksUp } = await import("./links-up.ts");
  work.found.linksUp = await linksUp(work.context);
  work.found.before = facts;
  return facts;
}

/** The store path that is switched to. */
export function targetOf({ wish, found }: SystemWork): string {
  const target = wish.generation?.system ?? found.built;
  if (target === undefined) throw new Error("the plan has a switch before its build");
  return target;
}

/** The new system runs already: a rebuild without a change, or one that was interrupted before it was confirmed. */
export const runsAlready = (work: SystemWork): boolean => work.found.before?.system === targetOf(work);

/** Not restarting, which is a switch's own business: its processes are gone, so nobody there will answer. */
export async function isDown({ machine }: SystemWork): Promise<boolean> {
  return (await machine.observe()).process === "stopped";
}

/** The command of a step, for this guest. */
export async function argvOf(work: SystemWork, id: RebuildStep["id"]): Promise<readonly string[]> {
  const { system, isAscalon } = await factsBefore(work);
  if (!work.wish.boot && !work.wish.generation && !isAscalon && work.found.built !== undefined) {
    throw new AscalonError("E_SWITCH", {
      what: "the guest runs a system that was not built with ascalon's modules, and a live switch from it would cut its own connection",
      why: "nothing was changed",
      run: "ascalon rebuild --boot",
    });
  }
  const flake = triedFlakeOf(work);
  const steps = planRebuild(work.wish, { currentSystem: system, isAscalonSystem: true, flake });
  const argv = steps.find((step) => step.id === id)?.argv ?? [];
  return argv.map((word) => (word.includes(newSystem) ? word.replaceAll(newSystem, targetOf(work)) : word));
}

export interface RootRun {
  readonly argv: readonly string[];
  readonly progress: Progress;
  readonly input?: string | Uint8Array;
  readonly timeoutMs?: number;
  /** Ends with Ctrl-C; without it what was begun is waited for. */
  readonly mayStop?: boolean;
}

export async function runAsRoot(work: SystemWork, run: RootRun): Promise<GuestResult> {
  const { argv, progress, input, timeoutMs, mayStop } = run;
  return await (await guestOf(work)).run(argv, {
    asRoot: true,
    onLine: progress,
    ...(input === undefined ? {} : { input }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(mayStop ? { signal: work.context.signal } : {}),
  });
}

/** Runs a script that goes along each time: /run, where it is put, is new after a restart. `argv` is `sh SCRIPT VERB…`. */
export async function runScript(work: SystemWork, script: string, run: RootRun): Promise<GuestResult> {
  const putAndRun = 'cat >"$2.new" && mv "$2.new" "$2" && exec "$@"';
  return await runAsRoot(work, { ...run, argv: ["sh", "-c", putAndRun, "sh", ...run.argv], input: script });
}

/** The stdout of a command that has to go well; throws the error with Nix's last words otherwise. */
export async function mustRun(
  work: SystemWork,
  run: RootRun,
  code: "E_BUILD" | "E_SWITCH" | "E_FLAKE",
  what: string,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const result = await runAsRoot(work, run);
  if (result.kind === "ended" && result.code === 0) return result;
  if (result.kind === "unreachable") {
    throw new AscalonError("E_SSH", {
      what: `${what}: the connection to the guest was lost`,
      why: result.why,
      run: "ascalon up",
    });
  }
  throw new AscalonError(code, {
    what,
    ...(code === "E_BUILD"
      ? {
          why: `the guest still runs its current system; the flake that was tried is in its ${triedFlakeOf(work)}`,
        }
      : {}),
    ...(/No space left on device/.test(result.stderr) ? { run: makeRoom } : {}),
    details: lastLines(result.stderr),
  });
}

export const lastLines = (text: string, count = 20): readonly string[] =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-count);
