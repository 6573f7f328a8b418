/** What a machine says of its packages: /etc/ascalon/packages.json in the guest, the modules' file on the host. */
export interface PackageManifest {
  readonly schema: 1;
  /** Where the packages are installed: programs are in its `bin`. Earlier versions did not write it. */
  readonly profile?: string;
  readonly packages: readonly PackageEntry[];
}

export interface PackageEntry {
  readonly category: string;
  readonly name: string;
  /** null where the machine has no such package. */
  readonly version: string | null;
  /** The package's folder in the store, and the name of its main program, where it has one. */
  readonly path?: string;
  readonly program?: string;
  readonly why?: Why;
}

/**
 * Why a package is not there: it does not exist for the platform, or not in that nixpkgs, or the profile lacks it although
 * it is listed. `other-package`: the profile has the program from another package than the list's.
 */
export type Why = "platform" | "release" | "not-installed" | "other-package";

const reasons: readonly Why[] = ["platform", "release", "not-installed", "other-package"];

export interface ParityRow {
  readonly category: string;
  readonly name: string;
  /** undefined when the machine's list does not have the name at all. */
  readonly host: string | null | undefined;
  readonly guest: string | null | undefined;
  readonly hostWhy?: Why;
  readonly guestWhy?: Why;
  readonly verdict: "same" | "differs" | "host-only" | "guest-only" | "neither" | "by-design";
}

/** Lists that are for one side only. */
const hostLists: readonly string[] = ["macos-tools"];

/** Every name that either side knows, with what each has. */
export function compareParity(host: PackageManifest, guest: PackageManifest): readonly ParityRow[] {
  const hostEntries = byKey(host);
  const guestEntries = byKey(guest);
  const keys = [...new Set([...hostEntries.keys(), ...guestEntries.keys()])];
  return keys
    .flatMap((key) => {
      const ofHost = hostEntries.get(key);
      const ofGuest = guestEntries.get(key);
      const entry = ofHost ?? ofGuest;
      if (entry === undefined) return [];
      const row = {
        category: entry.category,
        name: entry.name,
        host: ofHost?.version,
        guest: ofGuest?.version,
        ...(ofHost?.why && { hostWhy: ofHost.why }),
        ...(ofGuest?.why && { guestWhy: ofGuest.why }),
      };
      return [{ ...row, verdict: verdict(row) }];
    })
    .toSorted((a, b) => a.category.localeCompare(b.category) || a.name.localeCompare(b.name));
}

const byKey = (manifest: PackageManifest): ReadonlyMap<string, PackageEntry> =>
  new Map(manifest.packages.map((entry) => [`${entry.category}/${entry.name}`, entry]));

function verdict(row: Omit<ParityRow, "verdict">): ParityRow["verdict"] {
  const { category, host, guest } = row;
  if (hostLists.includes(category) && guest === undefined) return "by-design";
  // No configuration can bring it there.
  if (row.hostWhy === "platform" || row.guestWhy === "platform") return "by-design";
  const onHost = typeof host === "string";
  const onGuest = typeof guest === "string";
  if (onHost && onGuest) return host === guest ? "same" : "differs";
  if (onHost) return "host-only";
  return onGuest ? "guest-only" : "neither";
}

/** A manifest's text; a sentence when it is none. */
export function parseManifest(text: string): PackageManifest | { readonly refusal: string } {
  const value = parseJson(text);
  if (typeof value !== "object" || value === null) return { refusal: "it is not JSON" };
  const { schema, profile, packages } = value as Record<"schema" | "profile" | "packages", unknown>;
  if (schema !== 1) return { refusal: `it has form ${JSON.stringify(schema)}, and form 1 is known` };
  if (!Array.isArray(packages) || !packages.every(isEntry))
    return { refusal: "its list of packages has another form" };
  return { schema, ...(typeof profile === "string" && { profile }), packages: packages.map(entryOf) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Without what this version does not know. */
function entryOf({ category, name, version, path, program, why }: PackageEntry): PackageEntry {
  return {
    category,
    name,
    version,
    ...(typeof path === "string" && { path }),
    ...(typeof program === "string" && { program }),
    ...(why !== undefined && reasons.includes(why) && { why }),
  };
}

function isEntry(value: unknown): value is PackageEntry {
  if (typeof value !== "object" || value === null) return false;
  const { category, name, version } = value as Record<string, unknown>;
  return (
    typeof category === "string" &&
    typeof name === "string" &&
    (version === null || typeof version === "string")
  );
}
