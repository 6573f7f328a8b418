/** One socket that is to exist on the other side. */
export interface Link {
  /** `mux`, `docker`, `ssh-agent`, `bridge`, or the name of an extra socket. */
  readonly name: string;
  /** Which protocol proves it. `stream`: none known, accepting a connection has to do. */
  readonly protocol: "mux" | "docker" | "ssh-agent" | "bridge" | "stream";
  /** guest-to-host: ssh listens on the host (`-L`). host-to-guest: sshd listens in the guest (`-R`). */
  readonly direction: "guest-to-host" | "host-to-guest";
  /** The path ssh is given on the host: where it listens, or a symlink of ours to `target`. */
  readonly hostEnd: string;
  readonly guestEnd: string;
  /** host-to-guest: the socket behind hostEnd. Changing it needs no new ssh: only the symlink turns. */
  readonly target: string | undefined;
  /**
   * Where a probe connects on the host. For host-to-guest it is a second forward that leads back from guestEnd,
   * so that the probe's bytes really travel host, guest, sshd, ssh, host.
   */
  readonly probeEnd: string;
  /** One clause: what was chosen and why, or why there is nothing. */
  readonly chosen: string;
}

/** A link that the settings ask for and that cannot be made. */
export interface RefusedLink {
  readonly name: string;
  readonly why: string;
  /** Whether it could be made was not to be learned: the VM was too slow to say. */
  readonly unknown?: boolean;
}

/** Times are milliseconds since 1970. */
export type LinkState =
  | { readonly kind: "off"; readonly since: number }
  /** Nothing is wrong with the link: its target, or the VM, is not there yet. */
  | {
      readonly kind: "waiting";
      readonly since: number;
      readonly reason: string;
      readonly nextAttemptAt: number;
    }
  | { readonly kind: "up"; readonly since: number; readonly rttMs: number }
  | {
      readonly kind: "broken";
      readonly since: number;
      readonly reason: string;
      readonly nextAttemptAt: number;
    }
  /** A new ssh is on its way; `reason` is what went wrong before, if anything did. */
  | { readonly kind: "healing"; readonly since: number; readonly reason: string | undefined };

export type LinkEvent = { readonly at: number } & (
  | { readonly kind: "switched"; readonly on: boolean }
  | { readonly kind: "vm-away"; readonly reason: string; readonly nextAttemptAt: number }
  | { readonly kind: "ssh-starting" }
  | { readonly kind: "ssh-gone"; readonly reason: string; readonly nextAttemptAt: number }
  | { readonly kind: "proved"; readonly rttMs: number }
  | { readonly kind: "target-absent"; readonly reason: string; readonly nextAttemptAt: number }
  | { readonly kind: "failed"; readonly reason: string; readonly nextAttemptAt: number }
);
