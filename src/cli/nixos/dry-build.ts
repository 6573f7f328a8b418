/** What `nix build --dry-run` says on stderr, as data, and whether to go on with it. */
export interface DryBuild {
  /** Names of what would be built here, without hash and ending. */
  readonly built: readonly string[];
  readonly fetched: readonly string[];
  readonly downloadBytes: number;
  readonly unpackedBytes: number;
}

const sectionHead = /^(?:these \d+|this) (derivations?|paths?) will be (built|fetched)(?: \((.*)\))?:$/;
const storePath = /^\s+\/nix\/store\/[0-9a-z]{32}-(.+)$/;
const units: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
};

/** Lines that are neither a heading nor a path below one (warnings, progress) are passed over. */
export function parseDryBuild(stderr: string): DryBuild {
  const built: string[] = [];
  const fetched: string[] = [];
  let list: string[] | undefined;
  let downloadBytes = 0;
  let unpackedBytes = 0;
  for (const line of stderr.split("\n")) {
    const head = sectionHead.exec(line);
    const path = storePath.exec(line)?.[1];
    if (head !== null) {
      list = head[2] === "built" ? built : fetched;
      downloadBytes += sizeBefore("download", head[3]);
      unpackedBytes += sizeBefore("unpacked", head[3]);
    } else if (path !== undefined) {
      list?.push(path.replace(/\.drv$/, ""));
    } else {
      list = undefined;
    }
  }
  return { built, fetched, downloadBytes, unpackedBytes };
}

/** `34.5 MiB download, 1.2 GiB unpacked` → bytes of one of the two. */
function sizeBefore(word: string, text = ""): number {
  const found = new RegExp(`([\\d.]+) (\\w+) ${word}`).exec(text);
  return found === null ? 0 : Math.round(Number(found[1]) * (units[found[2] ?? ""] ?? 0));
}

export interface BuildBounds {
  readonly maxBuilt: number;
  readonly maxDownloadBytes: number;
  readonly freeBytes: number;
}

/**
 * What every guest makes for itself in a moment and no cache has: units, /etc, the system, links to programs, scripts,
 * archives that are only fetched or unpacked, what fish is told of each package (which NixOS never fetches), and
 * ascalon's own. Not counted.
 */
const cheap =
  /^(unit-.*|etc(-.*)?|nixos-.*|ascalon-.*|initrd-.*|X-.*|.*\.(tgz|zip|patch|conf|json|lua|sh|service|txt|yaml|cfg|pam)|.*\.tar(\.\w+)?|.*-(shrunk|source|src|env|wrapper|tmpfiles(-.*)?)|.*[-_]fish-completions)$/;

/** A package's name ends in a version; a configuration's has none. */
const versioned = /-\d/;

const isPackage = (name: string): boolean => versioned.test(name) && !cheap.test(name);

/** For a guest whose system disk is full, or would be. */
export const makeRoom =
  "ascalon shell -- sudo nix-collect-garbage --delete-older-than 7d    (deletes generations older than that; or set a larger vm.disk, then ascalon restart)";

export interface BuildRefusal {
  /** A sentence without a final period. */
  readonly what: string;
  /** The way out. */
  readonly run: string;
}

/** Why this build is not begun; nothing when it may be. */
export function refusalsOfBuild(build: DryBuild, bounds: BuildBounds): readonly BuildRefusal[] {
  const real = build.built.filter(isPackage);
  const shown = real.slice(0, 8).join(", ");
  return [
    ...(real.length > bounds.maxBuilt
      ? [
          {
            what: `${real.length} packages would be built in the guest, more than ${bounds.maxBuilt}: ${shown}${real.length > 8 ? ", …" : ""}`,
            run: `ascalon config set rebuild.max-builds ${Math.max(1000, real.length)}    (if this is intended)`,
          },
        ]
      : []),
    ...(build.downloadBytes > bounds.maxDownloadBytes
      ? [
          {
            what: `${size(build.downloadBytes)} would be downloaded, more than ${size(bounds.maxDownloadBytes)}`,
            run: `ascalon config set rebuild.max-download ${roomFor(build.downloadBytes)}    (if this is intended and there is room)`,
          },
        ]
      : []),
    ...(build.unpackedBytes > bounds.freeBytes
      ? [
          {
            what: `${size(build.unpackedBytes)} would be unpacked, but the guest has ${size(bounds.freeBytes)} free`,
            run: makeRoom,
          },
        ]
      : []),
  ];
}

/** A bound that lets so much through, as a setting. */
export const roomFor = (bytes: number): string => `${Math.max(50, Math.ceil(bytes / 1024 ** 3))}GiB`;

const size = (bytes: number): string =>
  bytes < 1024 ** 3 ? `${Math.ceil(bytes / 1024 ** 2)} MiB` : `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
