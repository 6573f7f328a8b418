import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { HostFacts, Mount, Settings } from "../settings/settings.ts";
import { extraSocket, mountedAs } from "./nix-parts.ts";

/** Raised when a member changes its meaning; the modules refuse a number they do not know. */
const schema = 1;

/** The guest's user is always uid 1000: NixOS wants 1000 or more, and VZ shows files as owned by whoever looks. */
const guestUid = 1000;

const socketFolder = "/run/ascalon";

/** `ascalon.json`: everything the NixOS modules are told. Paths are the guest's unless a name says otherwise. */
export interface NixSettings {
  readonly schema: typeof schema;
  readonly system: "aarch64-linux" | "x86_64-linux";
  readonly host: string;
  readonly user: { readonly name: string; readonly uid: number; readonly home: string };
  readonly home: { readonly disk: string; readonly label: string };
  readonly mounts: readonly NixMount[];
  readonly sockets: {
    readonly folder: string;
    readonly docker: boolean;
    readonly sshAgent: boolean;
    readonly extra: readonly {
      readonly name: string;
      readonly guest: string;
      readonly bound: "guest" | "host";
    }[];
  };
  readonly bridge: { readonly allow: readonly string[] };
}

export interface NixMount {
  readonly path: string;
  /** The device as Lima names it: what the guest mounts. */
  readonly tag: string;
  readonly type: "virtiofs" | "9p";
  readonly options: readonly string[];
  /** Where the guest's home links to the mount, when the host's home contains it. */
  readonly link: string | null;
}

/** Settings → ascalon.json. */
export function projectNixJson(settings: Settings, host: HostFacts): NixSettings {
  const home = `/home/${settings.user.name}`;
  return {
    schema,
    system: host.arch === "arm64" ? "aarch64-linux" : "x86_64-linux",
    host: settings.system.host,
    user: { name: settings.user.name, uid: guestUid, home },
    home: { disk: "ascalon-home", label: "ascalon-home" },
    mounts: settings.mounts.map((mount) => nixMount(mount, settings.vm.type, host.home, home)),
    sockets: {
      folder: socketFolder,
      docker: settings.sockets.docker !== "off",
      sshAgent: settings.sockets.sshAgent !== "off",
      extra: settings.sockets.extra.map(extraSocket),
    },
    bridge: { allow: [...settings.bridge.allow] },
  };
}

/** The text of the file: stable, so that an unchanged setting is an unchanged file. */
export function renderNixJson(nixSettings: NixSettings): string {
  return `${JSON.stringify(nixSettings, null, 2)}\n`;
}

/** Lima's device name of a mount: the first 8 bytes of a digest over both paths. The same path on both sides here. */
export function limaMountTag(path: string): string {
  return `lima-${createHash("sha256").update(`${path}:${path}`).digest("hex").slice(0, 16)}`;
}

function nixMount(mount: Mount, vmType: "vz" | "qemu", hostHome: string, guestHome: string): NixMount {
  const { path, ...how } = mountedAs(mount, vmType);
  const within = posix.relative(hostHome, mount.host);
  const inHostHome = within !== "" && within !== ".." && !within.startsWith("../");
  const link = posix.join(guestHome, within);
  return {
    path,
    tag: limaMountTag(mount.host),
    ...how,
    // A Linux host may have the same home as the guest: then the folder is where it belongs without a link.
    link: inHostHome && link !== mount.host ? link : null,
  };
}
