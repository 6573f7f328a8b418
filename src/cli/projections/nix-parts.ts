import { isSame } from "../settings/diff.ts";
import type { SettingKey } from "../settings/generated-keys.ts";
import type { ExtraSocket, Mount, Settings } from "../settings/settings.ts";
import type { NixMount } from "./nix-json.ts";

export function mountedAs(mount: Mount, vmType: "vz" | "qemu"): Omit<NixMount, "tag" | "link"> {
  const access = mount.writable ? "rw" : "ro";
  return {
    path: mount.host,
    // Exactly the options that Lima gives in cidata: a switch that sees others would remount.
    ...(vmType === "vz"
      ? { type: "virtiofs", options: [access, "nofail"] }
      : { type: "9p", options: [access, ...plan9Options(mount.writable), "nofail"] }),
  };
}

const plan9Options = (writable: boolean): string[] => [
  "trans=virtio",
  "version=9p2000.L",
  "msize=131072",
  `cache=${writable ? "mmap" : "fscache"}`,
];

export const extraSocket = ({ name, guest, direction }: ExtraSocket) =>
  ({ name, guest, bound: direction === "host-to-guest" ? "guest" : "host" }) as const;

/** Each key that ascalon.json carries, of a system that was built with it and of the settings. */
const carried: readonly (readonly [SettingKey, (told: Loose) => unknown, (settings: Settings) => unknown])[] =
  [
    [
      "mounts",
      ({ mounts }) => (Array.isArray(mounts) ? mounts.map(withoutDerived) : mounts),
      ({ mounts, vm }) => mounts.map((mount) => mountedAs(mount, vm.type)),
    ],
    ["sockets.docker", (told) => member(told, "sockets").docker, ({ sockets }) => sockets.docker !== "off"],
    [
      "sockets.ssh-agent",
      (told) => member(told, "sockets").sshAgent,
      ({ sockets }) => sockets.sshAgent !== "off",
    ],
    [
      "sockets.extra",
      (told) => member(told, "sockets").extra,
      ({ sockets }) => sockets.extra.map(extraSocket),
    ],
    ["bridge.allow", (told) => member(told, "bridge").allow, ({ bridge }) => bridge.allow],
  ];

export const keysOfNixJson: readonly SettingKey[] = carried.map(([key]) => key);

/**
 * Keys of which a system was told otherwise than the settings say now. `told`: the ascalon.json it was built with, as
 * the guest has it.
 */
export const keysToldOtherwise = (told: unknown, settings: Settings): readonly SettingKey[] =>
  carried.filter(([, had, wanted]) => !isSame(had(asLoose(told)), wanted(settings))).map(([key]) => key);

/** What somebody else wrote. */
type Loose = Readonly<Record<string, unknown>>;

const asLoose = (value: unknown): Loose =>
  typeof value === "object" && value !== null ? (value as Loose) : {};
const member = (of: Loose, name: string): Loose => asLoose(of[name]);

/** The device's name and the link to it follow from the path. */
function withoutDerived(mount: unknown): unknown {
  const { tag: _tag, link: _link, ...rest } = asLoose(mount);
  return rest;
}
