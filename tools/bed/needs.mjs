// @ts-check
// Which programs of the host are needed for what, and the packages that have them.
import { machineArch } from "./machine-arch.mjs";

/** @typedef {"vm" | "guest" | "tests"} Purpose vm: to run one; guest: to build the stand-in guest; tests: peers for the tests */
/** @typedef {{ tool: string, for: Purpose, apt: string, brew?: string, files?: readonly string[] }} Need `files`: any will do */

const arm = machineArch === "arm64";

/** Where Lima looks for it. */
const firmware = arm
  ? ["/usr/share/AAVMF/AAVMF_CODE.fd"]
  : [
      "/usr/share/OVMF/OVMF_CODE.fd",
      "/usr/share/OVMF/OVMF_CODE_4M.fd",
      "/usr/share/qemu/edk2-x86_64-code.fd",
    ];

/** The one that test/guest/build.sh names. */
const debianKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** @type {readonly Need[]} */
export const linuxNeeds = [
  {
    tool: arm ? "qemu-system-aarch64" : "qemu-system-x86_64",
    for: "vm",
    apt: arm ? "qemu-system-arm" : "qemu-system-x86",
    brew: "qemu",
  },
  { tool: "qemu-img", for: "vm", apt: "qemu-utils", brew: "qemu" },
  // For images that boot by themselves, as NixOS does; QEMU's own package only recommends it.
  { tool: "UEFI", for: "vm", apt: arm ? "qemu-efi-aarch64" : "ovmf", brew: "qemu", files: firmware },
  { tool: "ssh", for: "vm", apt: "openssh-client", brew: "openssh" },
  { tool: "setpriv", for: "vm", apt: "util-linux" },
  { tool: "mmdebstrap", for: "guest", apt: "mmdebstrap" },
  // Ubuntu has Debian's keys only when asked for them.
  { tool: "Debian's keys", for: "guest", apt: "debian-archive-keyring", files: [debianKeyring] },
  { tool: "mke2fs", for: "guest", apt: "e2fsprogs" },
  { tool: "xz", for: "guest", apt: "xz-utils" },
  { tool: "ssh-keygen", for: "guest", apt: "openssh-client" },
  { tool: "sshd", for: "tests", apt: "openssh-server" },
  { tool: "ssh", for: "tests", apt: "openssh-client" },
  { tool: "mke2fs", for: "tests", apt: "e2fsprogs" },
  { tool: "sfdisk", for: "tests", apt: "fdisk" },
  { tool: "shellcheck", for: "tests", apt: "shellcheck" },
  { tool: "zsh", for: "tests", apt: "zsh" },
  { tool: "fish", for: "tests", apt: "fish" },
  { tool: "nc", for: "tests", apt: "netcat-openbsd" },
  { tool: "git", for: "tests", apt: "git" },
  { tool: "curl", for: "tests", apt: "curl" },
  { tool: "script", for: "tests", apt: "bsdutils" },
  { tool: "less", for: "tests", apt: "less" },
  { tool: "qemu-img", for: "tests", apt: "qemu-utils" },
  { tool: "nix-instantiate", for: "tests", apt: "nix-bin" },
  { tool: "lua5.4", for: "tests", apt: "lua5.4" },
  { tool: "python3", for: "tests", apt: "python3" },
  { tool: "systemd-analyze", for: "tests", apt: "systemd" },
  { tool: "systemd-tmpfiles", for: "tests", apt: "systemd" },
  { tool: "losetup", for: "tests", apt: "mount" },
];

/** macOS runs VMs with its own Virtualization.framework, so QEMU is not asked for there. @type {readonly Need[]} */
export const macNeeds = [{ tool: "ssh", for: "vm", apt: "", brew: "openssh" }];
