import type { Context } from "../context.ts";
import { AscalonError } from "../errors.ts";
import { findProgram } from "../find-program.ts";
import type { Machine } from "../machine/machine.ts";
import type { Paths } from "../paths.ts";
import type { Settings } from "../settings/settings.ts";
import { wayToInstall } from "../ways-to-install.ts";
import { requireMounts } from "./mount-folders.ts";
import type { Session } from "./session.ts";
import type { Step } from "./steps.ts";
import { requireFirmware } from "./uefi-firmware.ts";

/** limactl older than this lacks fixes that a forwarded guest agent socket needs (GHSA-2j9v-p4xj-cjw2). */
export const minimumLima = "2.1.3";

/** Free space below which nothing is created or started, bytes. */
const minimumFreeBytes = 2 * 1024 ** 3;

/** sun_path with its final NUL (unix(7); macOS sys/un.h). */
export const socketPathLimit = { linux: 108, darwin: 104 } as const;

/** Lima refuses root; said before anything is looked at, by every command that changes the VM. */
export function refuseRoot(context: Context): void {
  if (context.uid !== 0) return;
  throw new AscalonError("E_ROOT", {
    what: "ascalon does not run as root",
    why: "Lima refuses to run as root, and the VM belongs to an ordinary user",
    run: "run ascalon as your own user, without sudo",
  });
}

/** What the steps need of the host, checked before the first of them. Costs a program start, so not when idle. */
export async function preflight(
  context: Context,
  { machine, paths, settings, facts }: Session,
  steps: readonly Step[],
): Promise<void> {
  const kinds = new Set(steps.map(({ kind }) => kind));
  const isStarted = kinds.has("create") || kinds.has("start");
  if (isStarted) await requireMounts(context, settings);
  // With what it has: a change of the guest's system brings no other settings.
  else if (kinds.has("restart")) await requireMounts(context, facts.applied ?? settings);
  if (!isStarted && !kinds.has("create-home-disk")) return;
  refuseLongPath(context, paths);
  const qemu = await requirePrograms(context, settings);
  // Later the VM may have another image than the settings by now.
  if (qemu !== undefined && kinds.has("create")) await requireFirmware(context, settings, qemu);
  await requireLima(machine);
  const free = await context.files.freeBytes(paths.limaHome);
  if (free < minimumFreeBytes) {
    throw new AscalonError("E_DISK_FULL", {
      // Rounded down: what is too little must not look like enough.
      what: `only ${Math.floor((free / 1024 ** 3) * 10) / 10} GiB are free where ${paths.limaHome} is`,
      why: "the VM needs 2 GiB to start; a full disk would damage its file systems",
      run: "df -h    (free some space, then: ascalon up)",
    });
  }
}

/** Of an instance's sockets: ssh adds 17 bytes to ControlPath while it makes it (lima pkg/instance/create.go). */
export const longestLimaSocket = ({ instanceDir }: Pick<Paths, "instanceDir">): string =>
  `${instanceDir}/ssh.sock.1234567890123456`;

function refuseLongPath(context: Context, paths: Paths): void {
  const longest = longestLimaSocket(paths);
  const limit = socketPathLimit[context.host.platform];
  const bytes = Buffer.byteLength(longest);
  if (bytes < limit) return;
  throw new AscalonError("E_PATH_TOO_LONG", {
    what: `LIMA_HOME is too long: ${longest} has ${bytes} bytes`,
    why: `a socket's path must have fewer than ${limit} bytes on this system`,
    run: "export LIMA_HOME=$HOME/.lima    (or another short folder)",
  });
}

/** The path of the QEMU that runs the VM, where one does. */
async function requirePrograms(context: Context, settings: Settings): Promise<string | undefined> {
  if (!(await findProgram(context, "ssh"))) {
    throw new AscalonError("E_SSH_MISSING", {
      what: "ssh is not on PATH",
      why: "the VM is reached by ssh",
      run: wayToInstall.ssh,
    });
  }
  if (settings.vm.type !== "qemu") return undefined;
  const system = context.host.arch === "arm64" ? "qemu-system-aarch64" : "qemu-system-x86_64";
  const qemu = await requireQemu(context, system);
  await requireQemu(context, "qemu-img");
  return qemu;
}

async function requireQemu(context: Context, name: string): Promise<string> {
  const path = await findProgram(context, name);
  if (path !== undefined) return path;
  throw new AscalonError("E_QEMU_MISSING", {
    what: `${name} is not on PATH`,
    why: "vm.type is qemu",
    run: "brew install qemu    (Debian: apt install qemu-system-x86 qemu-utils)",
  });
}

async function requireLima(machine: Machine): Promise<void> {
  const found = await machine.version();
  const { default: gte } = await import("semver/functions/gte.js");
  // What follows the numbers (`-12-gabcdef` of a build between two releases) is newer, and semver thinks it older.
  const numbers = /^\d+\.\d+\.\d+/.exec(found ?? "")?.[0];
  // A build without a version in it calls itself <unknown>; Lima itself takes that for the newest.
  if (numbers === undefined || gte(numbers, minimumLima)) return;
  throw new AscalonError("E_LIMACTL_OLD", {
    what: `Lima ${found} is installed, but ${minimumLima} or newer is needed`,
    why: "older versions let other users of this machine use the guest agent's socket",
    run: wayToInstall.newerLima,
  });
}
