import { posix } from "node:path";
import { AscalonError } from "../errors.ts";
import type { Progress } from "../machine/machine.ts";
import { quote } from "../quote.ts";
import { type BuildRefusal, type DryBuild, parseDryBuild, refusalsOfBuild, roomFor } from "./dry-build.ts";
import { unpinnedInputs } from "./flake-inputs.ts";
import { argvOf, factsBefore, mustRun, runAsRoot, type SystemWork } from "./system-work.ts";

/** What would be built and fetched, as Nix says. */
export async function askBuild(work: SystemWork, progress: Progress): Promise<DryBuild> {
  const argv = await argvOf(work, "dry-build");
  const { stderr } = await mustRun(
    work,
    { argv, progress, mayStop: true },
    "E_BUILD",
    "the flake cannot be evaluated",
  );
  noteUnpinned(work, stderr);
  return parseDryBuild(stderr);
}

/** Of an input that is new in flake.nix: a lock that is there is not written unasked, and the guest's copy is the next rebuild's. */
function noteUnpinned({ note, found }: SystemWork, stderr: string): void {
  const [first, ...more] = unpinnedInputs(stderr);
  if (first === undefined || !found.flake?.hasLock) return;
  note(
    `${posix.join(found.flake.folder, "flake.lock")} does not have ${[first, ...more].join(", ")} as flake.nix does, so each rebuild takes the newest. To pin: ascalon rebuild --update ${quote(first)}`,
  );
}

/** What speaks against the build; the settings have the bounds. */
export async function refusalsOf(work: SystemWork, build: DryBuild): Promise<readonly BuildRefusal[]> {
  const { maxBuilds, maxDownloadBytes } = work.settings.rebuild;
  const { freeBytes } = await factsBefore(work);
  return refusalsOfBuild(build, { maxBuilt: maxBuilds, maxDownloadBytes, freeBytes });
}

export async function dryBuild(work: SystemWork, progress: Progress): Promise<void> {
  const build = await askBuild(work, progress);
  work.note(buildText(build));
  const [refusal, ...more] = await refusalsOf(work, build);
  if (refusal === undefined) return;
  throw new AscalonError("E_BUILD", {
    ...refusal,
    why: "nothing was built; the usual reason is a desktop, or an input that no cache has",
    details: more.map(({ what }) => what),
  });
}

/** One line: how many, how much. */
export function buildText({ built, fetched, downloadBytes, unpackedBytes }: DryBuild): string {
  if (built.length === 0 && fetched.length === 0) return "Nothing has to be built or fetched.";
  return `To build: ${built.length}. To fetch: ${fetched.length} (${mebibytes(downloadBytes)} to download, ${mebibytes(unpackedBytes)} unpacked).`;
}

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 1024 ** 2)} MiB`;

/** Builds, and says by how much the system grows; throws E_BUILD when that is above the settings' bound. */
export async function buildSystem(work: SystemWork, progress: Progress): Promise<void> {
  const before = await factsBefore(work);
  const { stdout } = await mustRun(
    work,
    { argv: await argvOf(work, "build"), progress, mayStop: true },
    "E_BUILD",
    "the new system could not be built",
  );
  const built = stdout.trim().split("\n").at(-1) ?? "";
  if (!built.startsWith("/nix/store/")) {
    throw new AscalonError("E_BUILD", {
      what: `Nix did not report what it built, but "${built}"`,
      run: "ascalon rebuild",
    });
  }
  work.found.built = built;
  if (built === before.system) return work.note("The guest already runs this system.");
  const sizes = await closureSizes(work, [before.system, built]);
  if (!sizes) return;
  work.note(growthText(sizes));
  const { maxGrowthBytes } = work.settings.rebuild;
  if (sizes.after - sizes.before <= maxGrowthBytes) return;
  throw new AscalonError("E_BUILD", {
    what: `the system would grow by more than ${mebibytes(maxGrowthBytes)}`,
    why: "it was built but not switched to; the guest still runs its current system",
    run: `ascalon config set rebuild.max-growth ${roomFor(sizes.after - sizes.before)}    (if this is intended and there is room)`,
  });
}

/** A failure here is no reason to stop: undefined then. */
async function closureSizes(
  work: SystemWork,
  [old, built]: readonly [string, string],
): Promise<{ readonly before: number; readonly after: number } | undefined> {
  const nix = ["nix", "--extra-experimental-features", "nix-command", "path-info", "--closure-size"];
  const result = await runAsRoot(work, { argv: [...nix, old, built], progress: () => {}, timeoutMs: 60_000 });
  if (result.kind === "unreachable" || result.code !== 0) return undefined;
  const sizes = new Map(
    result.stdout.split("\n").map((line) => [line.split(/\s+/)[0] ?? "", Number(line.split(/\s+/)[1])]),
  );
  const [before, after] = [sizes.get(old), sizes.get(built)];
  return before && after ? { before, after } : undefined;
}

export function growthText({ before, after }: { readonly before: number; readonly after: number }): string {
  const by = after - before;
  return `The system takes ${mebibytes(after)}, ${mebibytes(Math.abs(by))} ${by < 0 ? "less" : "more"} than the previous one.`;
}
