/**
 * What the bridge knows of op's command line (1Password CLI 2, `op COMMAND --help`), for both sides: the guest's client
 * has to tell words from values, the host has to be certain of every token. `value`: takes one; `bare`: on or off;
 * `optional`: on, or with `=VALUE`.
 */
export type OpFlagKind = "value" | "bare" | "optional";

export interface OpFlag {
  readonly kind: OpFlagKind;
  /** The long name, without dashes. */
  readonly name: string;
  /** The client does what it says, with the guest's files and programs; on the host it is refused. */
  readonly isGuests: boolean;
}

const hosts: Readonly<Record<OpFlagKind, string>> = {
  value:
    "account encoding format session vault fields tags categories category title url field-type file-name icon " +
    "description name travel-mode color emails expires-in expiry destination-vault current-vault group user permission " +
    "allow-admins-to-manage",
  bare:
    "cache debug help iso-timestamps no-color version no-newline otp reveal share-link long favorite " +
    "include-archive archive dry-run view-once force raw all me fingerprint public-key recursive",
  optional: "generate-password ssh-generate-key",
};

const guests: Readonly<Record<OpFlagKind, string>> = {
  value: "out-file output file-mode in-file template env-file environment config",
  bare: "no-masking forget",
  optional: "",
};

const shortNames: Readonly<Record<string, string>> = {
  h: "help",
  v: "version",
  n: "no-newline",
  f: "force",
  o: "out-file",
  i: "in-file",
};

const flags: Record<string, OpFlag> = {};
for (const [names, isGuests] of [
  [hosts, false],
  [guests, true],
] as const) {
  for (const kind of ["value", "bare", "optional"] as const)
    for (const name of names[kind].split(" ")) if (name !== "") flags[name] = { kind, name, isGuests };
}

/** Before the subcommand only these are understood, because what follows them decides which subcommand it is. */
export const leadingOpFlags: readonly string[] = [
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

/** By its name without dashes, long or of one letter. */
export function opFlagNamed(name: string): OpFlag | undefined {
  const long = name.length === 1 ? shortNames[name] : name;
  return long !== undefined && Object.hasOwn(flags, long) ? flags[long] : undefined;
}

export const opFlagNames: readonly string[] = Object.keys(flags);

/** One token that begins with a dash: its name, and its value where that is part of it. `-oFILE` is o with a value. */
export function splitOpFlag(token: string): { readonly name: string; readonly value: string | undefined } {
  const bare = token.replace(/^--?/, "");
  if (!token.startsWith("--") && bare.length > 1)
    return { name: bare.slice(0, 1), value: bare.slice(1).replace(/^=/, "") };
  const cut = bare.indexOf("=");
  return cut < 0
    ? { name: bare, value: undefined }
    : { name: bare.slice(0, cut), value: bare.slice(cut + 1) };
}
