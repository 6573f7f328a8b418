/** What a machine says of its packages: /etc/ascalon/packages.json in the guest, the modules' file on the host. */
export interface PackageManifest {
  readonly schema: 1;
  readonly packages: readonly PackageEntry[];
}

export interface PackageEntry {
  readonly category: string;
  readonly name: string;
  /** null where the machine's release or platform has no such package. */
  readonly version: string | null;
}

export interface ParityRow {
  readonly category: string;
  readonly name: string;
  /** undefined when the machine's list does not have the name at all. */
  readonly host: string | null | undefined;
  readonly guest: string | null | undefined;
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
      };
      return [{ ...row, verdict: verdict(row) }];
    })
    .toSorted((a, b) => a.category.localeCompare(b.category) || a.name.localeCompare(b.name));
}

const byKey = (manifest: PackageManifest): ReadonlyMap<string, PackageEntry> =>
  new Map(manifest.packages.map((entry) => [`${entry.category}/${entry.name}`, entry]));

function verdict({ category, host, guest }: Omit<ParityRow, "verdict">): ParityRow["verdict"] {
  if (hostLists.includes(category) && guest === undefined) return "by-design";
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
  const { schema, packages } = value as { schema?: unknown; packages?: unknown };
  if (schema !== 1) return { refusal: `it has form ${JSON.stringify(schema)}, and form 1 is known` };
  if (!Array.isArray(packages) || !packages.every(isEntry))
    return { refusal: "its list of packages has another form" };
  return { schema, packages };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
