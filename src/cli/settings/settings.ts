/**
 * The settings after defaults, host facts and `~` have been applied: total, in plain units, what every later
 * stage reads. Names follow the keys of ascalon.yaml; sizes are bytes, paths absolute.
 */
export interface Settings {
  readonly vm: {
    readonly cpus: number;
    readonly memoryBytes: number;
    readonly diskBytes: number;
    readonly homeBytes: number;
    /** `auto` resolved: vz on macOS, qemu elsewhere. */
    readonly type: "vz" | "qemu";
    readonly autostart: "login" | "off";
    /** `nixos-lima`, or the absolute path of a YAML file with a Lima `images:` list. */
    readonly image: string;
  };
  readonly user: { readonly name: string };
  readonly system: { readonly flake: string | null; readonly host: string };
  readonly rebuild: {
    readonly maxBuilds: number;
    readonly maxDownloadBytes: number;
    readonly maxGrowthBytes: number;
    readonly confirmSeconds: number;
    /** Command lines for the guest's sh. */
    readonly checks: readonly string[];
  };
  readonly mounts: readonly Mount[];
  readonly ports: { readonly forward: boolean; readonly ignore: readonly number[] };
  readonly sockets: {
    readonly docker: SocketChoice;
    readonly sshAgent: SocketChoice;
    readonly extra: readonly ExtraSocket[];
  };
  readonly bridge: { readonly allow: readonly string[]; readonly rules: readonly BridgeRule[] };
  readonly agent: { readonly enabled: boolean };
  readonly wezterm: { readonly attach: "key" | "startup"; readonly key: string };
}

export interface Mount {
  /** Absolute path on the host; the guest sees it at the same path. */
  readonly host: string;
  readonly writable: boolean;
}

/** `auto`, `off`, or the absolute path of a socket on the host. */
export type SocketChoice = string;

export interface ExtraSocket {
  readonly name: string;
  readonly host: string;
  readonly guest: string;
  readonly direction: "host-to-guest" | "guest-to-host";
}

/** What is different for one command of the bridge. */
export interface BridgeRule {
  readonly command: string;
  /** Absolute path of the host's program; undefined: looked for where package managers install. */
  readonly program?: string | undefined;
  /** Whether a person is asked before each call. */
  readonly confirm: boolean;
  /** `op` only: the subcommands that remain allowed. */
  readonly subcommands?: readonly string[] | undefined;
  /** `open` only: what may be named with -a. */
  readonly applications?: readonly string[] | undefined;
}

/** What the settings need to know of the machine they are resolved on. */
export interface HostFacts {
  readonly platform: "darwin" | "linux";
  /** Node's name: x64 or arm64. */
  readonly arch: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly home: string;
}

/** When a change of a key takes effect. `plan` prints it for each changed key. */
export type EffectClass = "live" | "rebuild" | "restart" | "recreate";
