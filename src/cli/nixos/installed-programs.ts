import { installedProgramsScript } from "../carried-files.ts";
import type { Context } from "../context.ts";
import type { GuestPort } from "../machine/guest-port.ts";
import type { PackageEntry, PackageManifest } from "./parity.ts";

/** A package whose program tells whether the profile has it: `PROFILE/bin/PROGRAM` is to be that of `path`. */
interface Program {
  readonly entry: PackageEntry;
  readonly program: string;
  readonly path: string;
}

/** The file behind the profile's program, and behind the package's own; undefined where there is none. */
export interface SeenProgram {
  readonly found: string | undefined;
  readonly meant: string | undefined;
}

/** Packages that name no program are taken as listed, and so is a list of an ascalon that wrote no profile. */
function programsOf({ profile, packages }: PackageManifest): readonly Program[] {
  if (profile === undefined) return [];
  return packages.flatMap((entry) => {
    const { program, path, version } = entry;
    const isTold = version !== null && program !== undefined && path !== undefined;
    return isTold ? [{ entry, program, path }] : [];
  });
}

/** The list as the profile bears it out. `seen`: in the order of its programs. */
export function bornOut(manifest: PackageManifest, seen: readonly SeenProgram[]): PackageManifest {
  const programs = programsOf(manifest);
  const byEntry = new Map(programs.map(({ entry }, index) => [entry, seen[index]]));
  const packages = manifest.packages.map((entry) => {
    const program = byEntry.get(entry);
    return program ? asSeen(entry, program) : entry;
  });
  return { ...manifest, packages };
}

function asSeen(entry: PackageEntry, { found, meant }: SeenProgram): PackageEntry {
  // Neither has it: the name is wrong, which says nothing of the package.
  if (found === meant) return entry;
  if (found === undefined) return { ...entry, version: null, why: "not-installed" };
  return { ...entry, version: versionIn(found) ?? entry.version, why: "other-package" };
}

/** 3.12.4 of /nix/store/…-python3-3.12.4/bin/python3.12: as Nix itself parts a name and a version. Of an output and an environment less their word. */
function versionIn(file: string): string | undefined {
  const name = /^\/nix\/store\/[^/-]+-([^/]+)\//.exec(file)?.[1];
  return name === undefined ? undefined : /-(\d.*?)(?:-(?:bin|env))?$/.exec(name)?.[1];
}

export async function readHostPrograms(
  { files }: Pick<Context, "files">,
  manifest: PackageManifest,
): Promise<readonly SeenProgram[]> {
  return await Promise.all(
    programsOf(manifest).map(async ({ program, path }) => ({
      found: await files.realPath(`${manifest.profile}/bin/${program}`),
      meant: await files.realPath(`${path}/bin/${program}`),
    })),
  );
}

/** undefined when the guest did not say it. */
export async function readGuestPrograms(
  guest: GuestPort,
  manifest: PackageManifest,
): Promise<readonly SeenProgram[] | undefined> {
  const programs = programsOf(manifest);
  if (programs.length === 0) return [];
  const pairs = programs.flatMap(({ program, path }) => [program, path]);
  const argv = ["sh", "-s", "--", manifest.profile ?? "", ...pairs];
  const result = await guest.run(argv, { input: installedProgramsScript, timeoutMs: 30_000 });
  if (result.kind !== "ended" || result.code !== 0) return undefined;
  const lines = result.stdout.split("\n").slice(0, -1);
  return lines.length === programs.length ? lines.map(seenOf) : undefined;
}

function seenOf(line: string): SeenProgram {
  const [found, meant] = line.split(" ").map((word) => (word === "-" ? undefined : word));
  return { found, meant };
}
