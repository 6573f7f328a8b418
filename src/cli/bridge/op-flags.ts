/**
 * What the bridge knows of op's command line (1Password CLI 2, `op COMMAND --help`). Everything that is not here is
 * refused. `value`: takes one; `bare`: on or off; `optional`: on, or with `=VALUE`.
 */
export type FlagKind = "value" | "bare" | "optional";

export interface Flag {
  readonly kind: FlagKind;
  /** The long name that op is given. */
  readonly name: string;
}

const kinds: Readonly<Record<FlagKind, string>> = {
  value:
    "account encoding format session vault fields tags categories category title url field-type file-name icon " +
    "description color emails expires-in expiry destination-vault current-vault group user permission " +
    "allow-admins-to-manage",
  bare:
    "cache debug help iso-timestamps no-color version no-newline otp reveal share-link long favorite " +
    "include-archive archive dry-run view-once force raw all me fingerprint public-key recursive",
  optional: "generate-password ssh-generate-key",
};

const shortNames: Readonly<Record<string, string>> = {
  h: "help",
  v: "version",
  n: "no-newline",
  f: "force",
};

const flags = new Map<string, Flag>(
  (Object.keys(kinds) as FlagKind[]).flatMap((kind) =>
    kinds[kind].split(" ").map((name) => [name, { kind, name }] as const),
  ),
);

/** Before the subcommand only these are understood, because what follows them decides which subcommand it is. */
export const leadingFlags: readonly string[] = [
  "account",
  "cache",
  "debug",
  "encoding",
  "format",
  "help",
  "iso-timestamps",
  "no-color",
  "session",
  "version",
];

/** Flags that are known and forbidden, with the reason. The guest's own client takes care of those with files. */
export const forbiddenFlags: Readonly<Record<string, string>> = {
  "out-file": "it writes a file of the host",
  output: "it writes a file of the host",
  o: "it writes a file of the host",
  "file-mode": "it belongs to a file of the host",
  "in-file": "it reads a file of the host",
  i: "it reads a file of the host",
  template: "it reads a file of the host",
  "env-file": "it reads a file of the host",
  config: "it names another configuration of the host",
  forget: "it takes an account off the host",
  "no-masking": "it belongs to op run, which is not run on the host",
  environment: "it belongs to op run, which is not run on the host",
};

/** By its name without dashes, long or of one letter. */
export function flagNamed(name: string): Flag | undefined {
  return flags.get(name.length === 1 ? (shortNames[name] ?? "") : name);
}
