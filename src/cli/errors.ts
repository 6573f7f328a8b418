/**
 * Every failure a person can meet, in one table. Exit codes and the headings of docs/troubleshooting.md are
 * generated from it, so a code cannot exist without its explanation.
 */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  noSuchVm: 3,
  notRunning: 4,
  settingsInvalid: 5,
  dependency: 6,
  notReady: 7,
  pending: 8,
  locked: 9,
  /** `shell` only: ascalon itself failed (126 and 127 as in sh); everything else is the guest's own code. */
  shellFailed: 125,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

interface CatalogueEntry {
  readonly exit: ExitCode;
  /** What the code means, for docs/troubleshooting.md. */
  readonly means: string;
  /** The way out, for docs/troubleshooting.md. */
  readonly wayOut: string;
}

const entry = (exit: ExitCode, means: string, wayOut: string): CatalogueEntry => ({ exit, means, wayOut });

export const catalogue = {
  E_USAGE: entry(
    2,
    "The command line was not understood.",
    "`ascalon help COMMAND` shows the forms with examples.",
  ),
  E_SETTINGS_INVALID: entry(
    5,
    "The settings file has at least one invalid key or value, or would have one after the requested change. Nothing was changed.",
    "Every problem is listed with its file, line and column (at most the first hundred; `ascalon config get --json` has all of them). `ascalon config edit` opens the file and checks it before saving; a rejected edit is kept in a file of its own, and `--from` with that path continues it.",
  ),
  E_SETTINGS_UNREADABLE: entry(
    5,
    "The settings file cannot be used: `--config` or `ASCALON_CONFIG` names one that does not exist, it cannot be read, it is not UTF-8, it cannot be written, or it must not be written, because it is read-only or was made by Nix.",
    "The message says which. Check the name, the owner and the mode; a read-only file is left alone until you run `chmod u+w` on it. Change a file made by Nix in the configuration that made it: `programs.ascalon.settings`.",
  ),
  E_ROOT: entry(6, "Lima refuses to run as root.", "Run ascalon as your own user."),
  E_LIMACTL_MISSING: entry(
    6,
    "`limactl` is not on PATH, is not executable, or is blocked by macOS.",
    "Install Lima 2.1.3 or newer: `brew install lima`; on Linux without Homebrew unpack a Lima release into /usr/local (lima-vm.io/docs/installation). The Lima that `npm run try` downloads for itself is in its cache, not on PATH.",
  ),
  E_LIMACTL_OLD: entry(
    6,
    "The installed Lima is older than 2.1.3.",
    "Upgrade it: `brew upgrade lima`; on Linux without Homebrew unpack a newer Lima release over it (lima-vm.io/docs/installation).",
  ),
  E_LIMACTL_FOREIGN_ARCH: entry(
    6,
    "`limactl` cannot be executed on this processor, or runs under Rosetta.",
    "Install the build for this machine's own architecture.",
  ),
  E_QEMU_MISSING: entry(
    6,
    "This VM type needs QEMU, which is not on PATH, or the UEFI firmware that the image boots with is not installed.",
    "Install QEMU and its firmware (Debian: `ovmf`, on arm64 `qemu-efi-aarch64`), or set `vm.type`.",
  ),
  E_SSH_MISSING: entry(6, "The OpenSSH client `ssh` is not on PATH.", "Install OpenSSH."),
  E_PATH_TOO_LONG: entry(
    6,
    "The path of a socket below LIMA_HOME would be longer than the system allows (104 bytes on macOS, 108 on Linux).",
    "Set LIMA_HOME to a folder with a shorter path.",
  ),
  E_ACCESS: entry(
    1,
    "You have no permission to read or write a file or folder that ascalon needs.",
    'The message names its owner. If root owns something in your home, ascalon was once run with sudo: `sudo chown -R "$USER" FOLDER`.',
  ),
  E_IN_THE_WAY: entry(
    1,
    "There is a file where ascalon needs a folder, a folder where it needs a file, or a symlink that leads back to itself or to nothing.",
    "The message names it. Move it away and run the command again.",
  ),
  E_HOME: entry(
    1,
    "HOME is not an absolute path, names a folder that does not exist, or is not set and the system knows no home folder for this user; so none of your files can be found.",
    "Set HOME to your home folder. If the system knows your home folder, you can unset HOME instead.",
  ),
  E_DISK_FULL: entry(
    1,
    "The disk has too little free space.",
    "Free some space (`df -h` shows where) and run the command again. `shell`, `stop` and `destroy` also work on a full disk. Lowering `vm.disk` or `vm.home` frees none: the VM's disks occupy what was written to them, and only grow.",
  ),
  E_PORT_TAKEN: entry(
    1,
    "A port that the VM needs is in use by another program.",
    "Run `ascalon up` again: Lima picks another port for ssh at each start. limactl's own message is shown; if it names the port, `lsof -i :PORT` shows which program has it.",
  ),
  E_FOREIGN_INSTANCE: entry(
    1,
    "There is a Lima instance named `ascalon` that ascalon did not create. ascalon never touches it.",
    "Rename it with `limactl rename`, or delete it yourself.",
  ),
  E_INSTANCE_HALF: entry(
    1,
    "The instance folder has no lima.yaml, or an empty one, and lacks the rest of a complete VM: a delete or create was interrupted.",
    "`ascalon up` recreates the VM and `ascalon destroy` clears the folder, but only if ascalon created it and nothing in it is running; the home disk is kept. Otherwise look into the folder and remove it yourself.",
  ),
  E_INSTANCE_BROKEN: entry(
    1,
    "One of the VM's two processes is gone, or files below ~/.lima that are needed to find and reach them were removed.",
    "The message says what helps: `ascalon up` repairs most cases, `ascalon restart` restores a lost ssh.config, and `ascalon stop --force` ends a VM that does not stop by itself, unless its processes can no longer be identified.",
  ),
  E_VM_MISSING: entry(3, "There is no VM yet.", "`ascalon up` creates it."),
  E_VM_STOPPED: entry(4, "The VM is not running.", "`ascalon start`, or `ascalon up`."),
  E_NOT_READY: entry(
    7,
    "The VM did not become ready in time. It may still be booting; if its boot cannot finish, the message says so.",
    "`ascalon up` continues to wait; `ascalon logs vm` shows the guest's console. If a guest that had booted no longer answers, use `ascalon restart`.",
  ),
  E_LOCKED: entry(
    9,
    "Another ascalon command is changing the VM.",
    "Wait for it; the message gives its pid.",
  ),
  E_DISK_SHRINK: entry(5, "A disk cannot be made smaller.", "Set the size back; disks only grow."),
  E_HOME_LOST: entry(
    1,
    "The file of the home disk is gone. Either it was removed or moved while the VM is running, which still has it open and would lose /home when it stops, or it is on a volume that is not mounted.",
    "Put the file back, or mount its volume. If it was removed while the VM is running, copy /home out with the command shown; then `ascalon restart --force` starts the VM with an empty home disk, and `ascalon shell -- sudo tar -x -C /home < home.tar` restores the copy.",
  ),
  E_IMAGE: entry(
    1,
    "The guest image cannot be used.",
    "Check `vm.image` and the network. A damaged download stays in Lima's cache; `limactl prune` empties it.",
  ),
  E_MOUNT: entry(
    1,
    "A folder of `mounts` does not exist and you cannot create it, or it cannot be mounted: the VM would not start with it. Nothing was stopped or started.",
    "The message names it. Connect its disk, correct the path with `ascalon config edit`, or remove all mounts with `ascalon config set mounts '[]'`. A folder that is merely missing is not a problem: Lima creates it.",
  ),
  E_PS: entry(
    1,
    "The system does not report which processes are running, so the state of the VM's processes is unknown.",
    "Try again when the machine is less busy; `/bin/ps -p 1` shows whether ps works.",
  ),
  E_LIMA: entry(
    1,
    "limactl failed in a way that ascalon does not recognize.",
    "limactl's own message is shown; the log has the rest.",
  ),
  E_SSH: entry(
    1,
    "The VM is running, but ssh to it fails.",
    "`ascalon status` shows which link is broken; `ascalon up` repairs it.",
  ),
  E_SSH_CONFIG: entry(
    1,
    "~/.ssh/config cannot be read or written.",
    "Check its owner and mode. If another program generates the file, give it the lines that `ascalon ssh-config` prints.",
  ),
  E_AGENT: entry(
    1,
    "The agent is not running, or could not be installed: launchd or systemd refused, no systemd user manager is running, or you are not logged in at the Mac's screen.",
    "`ascalon agent install` installs it; `ascalon agent run` keeps the links up from a terminal.",
  ),
  E_SHELL: entry(125, "`ascalon shell` could not reach the guest.", "`ascalon status`."),
  E_CONFIRM: entry(
    2,
    "The command needs a confirmation that was not given.",
    "Type the name, or pass `--yes`.",
  ),
  E_FLAKE: entry(
    1,
    "The flake that `system.flake` names cannot be used, or does not have the input that `--update` names. Nothing was built.",
    "Its folder needs a flake.nix. Files that git ignores are not copied, and a file that looks like a secret is refused. `ascalon init` writes a starter flake.",
  ),
  E_NOT_NIXOS: entry(
    1,
    "The guest is not NixOS, so its system cannot be built from a flake and has no generations to go back to.",
    "`ascalon config set system.flake none`, or go back to the image `nixos-lima`.",
  ),
  E_BUILD: entry(
    1,
    "The new system could not be built, or exceeds what the settings allow to build, download or grow. The guest still runs its current system.",
    "Nix's own message is shown. The limits are `rebuild.max-builds`, `rebuild.max-download` and `rebuild.max-growth`.",
  ),
  E_SWITCH: entry(
    1,
    "The switch to the new system failed, or the new system is unhealthy. Unless told otherwise, the guest goes back to the previous system, even if it cannot be reached.",
    "The message names what failed. `ascalon generations` shows which system is running.",
  ),
  E_GENERATION: entry(
    1,
    "There is no such generation to go back to.",
    "`ascalon generations` lists the existing ones.",
  ),
  E_PARITY: entry(
    1,
    "One side has no list of its packages, so there is nothing to compare.",
    "ascalon's Nix modules write the lists: home-manager's or nix-darwin's on the host (with `programs.ascalon.packages.enable`), NixOS's in the guest.",
  ),
  E_EDITOR: entry(
    1,
    "No editor is set, the editor failed, or the settings file was changed by something else while it was open.",
    "`VISUAL=nano ascalon config edit` uses another editor. Your edit is kept in a file of its own, which the message names; `ascalon config edit --from PATH` continues it.",
  ),
  E_INTERRUPTED: entry(130, "Interrupted.", "The next `ascalon up` carries on."),
  E_BUG: entry(1, "ascalon itself failed.", "Report it with the lines shown."),
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

export interface ErrorText {
  /** What went wrong, one sentence without a final period. */
  readonly what: string;
  readonly why?: string;
  /** The next command to run, ready to paste, or a sentence when no command helps. */
  readonly run?: string;
  /** Lines that belong to the error: positions in files, the end of a log. */
  readonly details?: readonly string[];
  readonly cause?: unknown;
}

/** The one error class: a code of the catalogue and the three things a person needs. */
export class AscalonError extends Error {
  override readonly name = "AscalonError";
  readonly code: ErrorCode;
  readonly exit: ExitCode;
  readonly why: string | undefined;
  readonly run: string | undefined;
  readonly details: readonly string[];

  constructor(code: ErrorCode, text: ErrorText) {
    super(text.what, { cause: text.cause });
    this.code = code;
    this.exit = catalogue[code].exit;
    this.why = text.why;
    this.run = text.run;
    this.details = text.details ?? [];
  }
}
