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
    "The settings file has at least one bad key or value, or would have it with the change that was asked for. Nothing was changed.",
    "Every problem is listed (of very many the first hundred; `ascalon config get --json` has all), with file, line and column where it is written. `ascalon config edit` opens the file and checks it before it is saved; an edit that was not taken is kept aside, and `--from` with the path that was named goes on with it.",
  ),
  E_SETTINGS_UNREADABLE: entry(
    5,
    "The settings file cannot be used as a file: `--config` or `ASCALON_CONFIG` names one that does not exist, it cannot be read, it is not UTF-8, or it cannot be written or may not be, because its mode says so or Nix made it.",
    "The message says which. Check the name, the owner and the mode; a read-only file is left as it is until `chmod u+w`. What Nix made is changed in the configuration that made it: `programs.ascalon.settings`.",
  ),
  E_ROOT: entry(6, "Lima refuses to run as root.", "Run ascalon as your own user."),
  E_LIMACTL_MISSING: entry(
    6,
    "`limactl` is not on PATH, or its mode or macOS forbids to run it.",
    "Install Lima 2.1.3 or newer: `brew install lima`; on Linux without Homebrew unpack a release of Lima into /usr/local (lima-vm.io/docs/installation). What `npm run try` gets for itself lies in its cache and not on PATH.",
  ),
  E_LIMACTL_OLD: entry(
    6,
    "The installed Lima is older than 2.1.3.",
    "Upgrade it: `brew upgrade lima`; on Linux without Homebrew unpack a newer release of Lima over it (lima-vm.io/docs/installation).",
  ),
  E_LIMACTL_FOREIGN_ARCH: entry(
    6,
    "`limactl` cannot be executed on this processor, or runs under Rosetta.",
    "Install the build for this machine's own architecture.",
  ),
  E_QEMU_MISSING: entry(
    6,
    "QEMU is needed for this VM type and is not on PATH, or the UEFI firmware that the image boots with is not installed.",
    "Install QEMU and its firmware (Debian: `ovmf`, on arm64 `qemu-efi-aarch64`), or set `vm.type`.",
  ),
  E_SSH_MISSING: entry(6, "The OpenSSH client `ssh` is not on PATH.", "Install OpenSSH."),
  E_PATH_TOO_LONG: entry(
    6,
    "A socket below LIMA_HOME would have a longer path than the system allows (104 bytes on macOS, 108 on Linux).",
    "Set LIMA_HOME to a shorter folder.",
  ),
  E_ACCESS: entry(
    1,
    "A file or folder that ascalon needs may not be read or written by you.",
    'Its owner is named. What root owns in your home is there because ascalon once ran with sudo: `sudo chown -R "$USER" FOLDER`.',
  ),
  E_IN_THE_WAY: entry(
    1,
    "A file is where ascalon needs a folder, a folder where it needs a file, or a symlink leads back to itself.",
    "It is named. Move it away and run the command again.",
  ),
  E_HOME: entry(
    1,
    "HOME is not an absolute path, or no folder that is there, or not set for a user of whom the system knows no home: so nothing of yours can be found.",
    "Set HOME to your home folder. A user whom the system knows may unset it instead.",
  ),
  E_DISK_FULL: entry(
    1,
    "The disk has too little free space.",
    "Free space (`df -h` shows where) and run the command again. Lowering `vm.disk` or `vm.home` frees none: the VM's disks take what was written to them, and only grow.",
  ),
  E_PORT_TAKEN: entry(
    1,
    "A port that the VM wants is in use by another program.",
    "`ascalon up` again: Lima takes another port for ssh at each start. limactl's own words are shown; where they name the port, `lsof -i :PORT` shows who has it.",
  ),
  E_FOREIGN_INSTANCE: entry(
    1,
    "A Lima instance named `ascalon` exists that ascalon did not make. It is never touched.",
    "Rename it with `limactl rename`, or delete it yourself.",
  ),
  E_INSTANCE_HALF: entry(
    1,
    "The instance folder exists without a lima.yaml, or with an empty one, and without the rest of a whole VM: a delete or create was interrupted.",
    "`ascalon up` makes the VM anew and `ascalon destroy` clears the folder, both only when ascalon made it and nothing in it runs; the home disk stays. Otherwise look into the folder and remove it yourself.",
  ),
  E_INSTANCE_BROKEN: entry(
    1,
    "One of the VM's two processes is gone, or files by which they are known and reached were removed below ~/.lima.",
    "The message says what helps: `ascalon up` repairs most of it, `ascalon restart` brings a lost ssh.config back, and `ascalon stop --force` ends a VM that does not end by itself, unless nobody knows its processes any more.",
  ),
  E_VM_MISSING: entry(3, "There is no VM yet.", "`ascalon up` makes it."),
  E_VM_STOPPED: entry(4, "The VM is not running.", "`ascalon start`, or `ascalon up`."),
  E_NOT_READY: entry(
    7,
    "The VM did not become ready in time: it may still be booting, or its boot cannot end, which is said then.",
    "`ascalon up` goes on waiting; `ascalon logs vm` shows the guest's console.",
  ),
  E_LOCKED: entry(9, "Another ascalon command is changing the VM.", "Wait for it; its pid is named."),
  E_DISK_SHRINK: entry(5, "A disk cannot be made smaller.", "Set the size back; disks only grow."),
  E_HOME_LOST: entry(
    1,
    "The file of the home disk is gone: removed or moved away while the VM runs, which still has it open and would lose /home when it stops; or it is on a volume that is not mounted. Nothing was stopped or started.",
    "Put the file back, or mount its volume. When it was removed while the VM runs, copy /home out with the command that is shown; then `ascalon restart --force` starts the VM with an empty home disk, and `ascalon shell -- sudo tar -x -C /home < home.tar` brings the copy in.",
  ),
  E_IMAGE: entry(
    1,
    "The guest image cannot be used.",
    "Check `vm.image` and the network. A damaged download lies in Lima's cache: `limactl prune` empties it.",
  ),
  E_MOUNT: entry(
    1,
    "A folder of `mounts` is not there and cannot be made by you, or cannot be mounted: the VM would not start with it. Nothing was stopped or started.",
    "It is named. Plug its disk in, correct it with `ascalon config edit`, or take all of them out with `ascalon config set mounts '[]'`. A folder that is only missing is no obstacle: Lima makes it.",
  ),
  E_PS: entry(
    1,
    "The system does not say which processes run, so nothing can be said of the VM's.",
    "Try again when the machine is less busy; `/bin/ps -p 1` shows whether ps works.",
  ),
  E_LIMA: entry(
    1,
    "limactl failed in a way ascalon does not know.",
    "Its own words are shown; the log has the rest.",
  ),
  E_SSH: entry(
    1,
    "The VM runs and ssh to it fails.",
    "`ascalon status` shows which link is broken; `ascalon up` repairs.",
  ),
  E_SSH_CONFIG: entry(
    1,
    "~/.ssh/config cannot be read or written.",
    "Check its owner and mode. Where another program makes the file, give it the lines that `ascalon ssh-config` prints.",
  ),
  E_AGENT: entry(
    1,
    "The agent is not there, or could not be installed: launchd or systemd refused, no user manager runs, or nobody is logged in at the Mac's screen.",
    "`ascalon agent run` holds the links in a terminal; `ascalon agent install` installs it.",
  ),
  E_SHELL: entry(125, "`ascalon shell` could not reach the guest.", "`ascalon status`."),
  E_CONFIRM: entry(
    2,
    "The command needs a confirmation that was not given.",
    "Type the name, or pass `--yes`.",
  ),
  E_FLAKE: entry(
    1,
    "The flake that `system.flake` names cannot be used, or has no input that `--update` names. Nothing was built.",
    "Its folder needs a flake.nix; what git ignores stays at home, and a file that looks like a secret is refused. `ascalon init` writes a first one.",
  ),
  E_NOT_NIXOS: entry(
    1,
    "The guest is not NixOS, so its system cannot be built from a flake and has no generations to go back to.",
    "`ascalon config set system.flake none`, or go back to the image `nixos-lima`.",
  ),
  E_BUILD: entry(
    1,
    "The new system could not be built, or would build or download more than the settings allow. The guest runs what it ran.",
    "Nix's own words are shown. The bounds are `rebuild.max-builds`, `rebuild.max-download` and `rebuild.max-growth`.",
  ),
  E_SWITCH: entry(
    1,
    "The new system did not switch well or was not found healthy. Unless told otherwise the guest goes back to the one before, also when it cannot be reached.",
    "The message names what failed. `ascalon generations` shows what runs.",
  ),
  E_GENERATION: entry(
    1,
    "There is no such generation to go back to.",
    "`ascalon generations` shows those that there are.",
  ),
  E_PARITY: entry(
    1,
    "One side has no list of its packages, so there is nothing to compare.",
    "ascalon's Nix modules write the lists: home-manager's or nix-darwin's on the host (with `programs.ascalon.packages.enable`), NixOS's in the guest.",
  ),
  E_EDITOR: entry(
    1,
    "No editor is set, it failed, or somebody else changed the settings while it was open.",
    "`VISUAL=nano ascalon config edit` takes another editor. What was written is kept aside and its path is named; `ascalon config edit --from PATH` goes on with it.",
  ),
  E_INTERRUPTED: entry(130, "Interrupted.", "The next `ascalon up` carries on."),
  E_BUG: entry(1, "ascalon itself failed.", "Please report it with the lines shown."),
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
