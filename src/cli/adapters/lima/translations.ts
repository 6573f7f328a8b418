import type { ErrorCode } from "../../errors.ts";
import { quote } from "../../quote.ts";

export interface Translation {
  readonly match: RegExp;
  /** Also in lines that are no errors to limactl: what QEMU says is passed on as information. */
  readonly anyLevel?: true;
  readonly code: ErrorCode;
  readonly what: (found: RegExpExecArray) => string;
  readonly run?: string | ((found: RegExpExecArray) => string);
}

/**
 * limactl's sentences and ours; the first that matches is used. Names stand between backquotes from 2.2.0 on, and before
 * that, or where they hold one themselves, in many sentences between others. Recorded from 2.2.0 (test/fixtures/limactl), or read
 * in its sources: vz's disks in pkg/driver/vz, rosetta and root in cmd/limactl/main.go, protected in pkg/instance/delete.go, the endings of start
 * and stop in pkg/instance.
 */
export const translations: readonly Translation[] = [
  {
    match: /must not run as the root user/,
    code: "E_ROOT",
    what: () => "Lima refuses to run as root",
    run: "run ascalon as your own user",
  },
  {
    match: /limactl is running under rosetta/,
    code: "E_LIMACTL_FOREIGN_ARCH",
    what: () => "limactl is built for another processor and runs under Rosetta",
    run: "/opt/homebrew/bin/brew install lima    (with /opt/homebrew/bin before /usr/local/bin in PATH)",
  },
  {
    match: /must be less than UNIX_PATH_MAX=(\d+) characters, but is (\d+)/,
    code: "E_PATH_TOO_LONG",
    what: ([, limit, length]) =>
      `a socket below LIMA_HOME would have a path of ${length} bytes; the system allows fewer than ${limit}`,
    run: "export LIMA_HOME=$HOME/.lima    (or another short folder)",
  },
  {
    match: /no space left on device/i,
    anyLevel: true,
    code: "E_DISK_FULL",
    what: () => "the disk filled up while limactl was working",
    run: "df -h    (free some space, then: ascalon up)",
  },
  {
    // Go names the call and the path. What ascalon hands over is its own; this is what somebody has changed since.
    match:
      /\b(?:open|mkdir|stat|lstat|unlink|unlinkat|remove|rename|chmod|connect) (\/[^:\n]+): permission denied/,
    code: "E_ACCESS",
    what: ([, path]) => `limactl has no permission to use ${path}`,
    run: ([, path = ""]) => `ls -ld ${quote(path)}    (check its owner and mode; it must be yours)`,
  },
  {
    match: /Could not set up host forwarding rule/,
    anyLevel: true,
    code: "E_PORT_TAKEN",
    what: () => "the port for ssh was taken by another program",
    run: "ascalon up    (Lima picks another port at each start)",
  },
  {
    match: /address already in use/i,
    code: "E_PORT_TAKEN",
    what: () => "a port that the VM needs is in use by another program",
    run: "ascalon up    (Lima picks another port for ssh at each start)",
  },
  {
    match: /template requires Lima version [`"]([^`"]+)[`"]; this is only [`"]([^`"]+)[`"]/,
    code: "E_LIMACTL_OLD",
    what: ([, wanted, found]) => `Lima ${wanted} or newer is needed, but ${found} is installed`,
    run: "brew upgrade lima    (Linux without Homebrew: unpack a newer release over it, see lima-vm.io/docs/installation)",
  },
  {
    match: /could not load disk [`"]([^`"]+)[`"]/,
    code: "E_LIMA",
    what: ([, disk]) => `the data disk ${disk} is missing`,
    run: "ascalon up    (creates an empty one)",
  },
  {
    // A crash leaves the mark of an instance that does not run, and only unlock takes that away.
    match:
      /(?:could not|failed to run|failed to) attach disk [`"]([^`"]+)[`"][:,] in use by instance [`"]([^`"]+)[`"]/,
    code: "E_LIMA",
    what: ([, disk, instance]) => `the data disk ${disk} is held by another instance, ${instance}`,
    run: ([, disk, instance]) =>
      `limactl stop ${instance}    (if it is not running: limactl disk unlock ${disk})`,
  },
  {
    match:
      /cannot (?:delete|use|resize) disk [`"]([^`"]+)[`"] (?:in use by|as it is in use by|used by)(?: running)? instance [`"]([^`"]+)[`"]/,
    code: "E_LIMA",
    what: ([, disk, instance]) => `the data disk ${disk} is in use by the instance ${instance}`,
    run: "limactl list",
  },
  {
    // Before the failed download of which it is the reason.
    match: /expected digest|digest mismatch/i,
    code: "E_IMAGE",
    what: () => "the guest image is damaged: its digest is wrong",
    run: "limactl prune    (then ascalon up downloads it again; in a vm.image of your own, check the digest)",
  },
  {
    match: /failed to download [`"]([^`"]+)[`"]: ([^\n]*)/,
    code: "E_IMAGE",
    what: ([, location]) => `the guest image ${location} cannot be fetched`,
    run: "ascalon config get vm.image    (check it and the network, then: ascalon up)",
  },
  {
    // Of a list of images in which one is for this processor, that one's failure is told above.
    match: /skipped to download: [^\n]*unsupported arch: [`"]([^`"]+)[`"]/,
    code: "E_IMAGE",
    what: ([, arch]) => `vm.image has an image for ${arch}, and none for this machine's processor`,
    run: "ascalon config get vm.image    (its file needs an image with this machine's arch; or ascalon config set vm.image nixos-lima)",
  },
  {
    match: /exec: "(qemu[\w-]*)"|(qemu-img).*not found/,
    code: "E_QEMU_MISSING",
    what: ([, program, image]) => `${program ?? image} is needed, but is not on PATH`,
    run: "brew install qemu    (Debian: apt install qemu-system-x86 qemu-utils)",
  },
  {
    match: /could not find firmware for/,
    code: "E_QEMU_MISSING",
    what: () => "QEMU's UEFI firmware is not installed",
    run: "apt install ovmf    (arm64: apt install qemu-efi-aarch64)",
  },
  {
    match: /instance is protected/,
    code: "E_LIMA",
    what: () => "it is protected with `limactl protect`",
    run: "limactl unprotect ascalon",
  },
  {
    match: /(instance|disk) [`"]([^`"]+)[`"] already exists/,
    code: "E_LIMA",
    what: ([, kind, name]) => `the ${kind} ${name} already exists: something else has just created it`,
    run: "ascalon status",
  },
  {
    match: /failed to (?:unmarshal YAML|validate YAML file)/,
    code: "E_LIMA",
    what: () => "Lima does not accept its lima.yaml",
    run: "ascalon plan    (shows what changed; ascalon version --json for a report)",
  },
  {
    match:
      /errors inspecting instance|has configuration errors|expected status [`"]\w+[`"], got [`"]Broken[`"]/,
    code: "E_INSTANCE_BROKEN",
    what: () => "Lima reports the instance as Broken",
    run: "ascalon up",
  },
  {
    match: /expected status [`"]Stopped[`"], got [`"]Running[`"]|cannot edit a running instance/,
    code: "E_LIMA",
    what: () => "the VM is running: something else has just started it",
    run: "ascalon stop",
  },
  {
    match: /expected status [`"]Running[`"], got [`"]Stopped[`"]/,
    code: "E_VM_STOPPED",
    what: () => "the VM is not running",
    run: "ascalon start",
  },
  {
    match: /did not receive an event with the [`"]running[`"] status/,
    code: "E_NOT_READY",
    what: () => "the VM did not become ready in time; it may still be booting",
    run: "ascalon up    (keeps waiting)",
  },
  {
    match:
      /did not receive an event with the [`"]exiting[`"] status|timed out waiting for instance to shut down/,
    code: "E_LIMA",
    what: () => "the guest did not shut down in time",
    run: "ascalon stop --force    (like pulling the plug)",
  },
  {
    match: /does not exist, run [`"]limactl create|\/lima\.yaml: no such file or directory/,
    code: "E_VM_MISSING",
    what: () => "there is no VM",
    run: "ascalon up",
  },
  {
    match: /is stopped, run [`"]limactl start/,
    code: "E_VM_STOPPED",
    what: () => "the VM is not running",
    run: "ascalon start",
  },
];
