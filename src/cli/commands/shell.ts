import type { CommandSpec } from "../command.ts";

export const shellCommand: CommandSpec = {
  name: "shell",
  summary: "Run a command in the VM, or open a shell there, in the folder you are in",
  description: `Without a command: a login shell. With one: the program itself, with the environment of a login shell; its arguments reach
it exactly as typed, and no shell reads them again (for pipes and variables of the guest: sh -c '…').
A folder that is mounted into the VM stays the current one; elsewhere the command starts in the guest's home.
On a terminal a stopped VM is started first.
What the profiles set is kept in the guest for ten minutes, or until one of them changes, so that a command need not
log in again; a shell always does.

The exit code is the program's own, 128+n when signal n ended it, 126 when it cannot be executed, 127 when the guest has no such
program, and 125 when ascalon itself failed or did not understand its own options.
Output that this side cannot write, such as > FILE on a full disk, ends a program that writes on with 141, as a closed pipe does.
When it was the program's last, ssh tells nobody: the code is the program's own, and FILE lacks it.`,
  examples: [
    ["ascalon shell", "a shell in the VM, in the folder you are in"],
    ["ascalon shell -- make -j4 test", "a program, with its own options"],
    ["ascalon shell -- sh -c 'ls /nix/store | wc -l'", "a pipe in the guest"],
    ["ascalon shell -C /etc -- ls", "in another folder"],
    ["tar c src | ascalon shell -- tar x -C /tmp", "stdin and stdout are the program's, byte for byte"],
  ],
  arguments: [{ name: "[command...]", summary: "program and arguments; a shell when not given" }],
  options: [
    { flags: "-C, --directory <dir>", summary: "start in this folder; ~ is the guest's home" },
    { flags: "--no-cwd", summary: "start in the guest's home, wherever you are" },
    { flags: "--no-start", summary: "fail when the VM is stopped, also on a terminal" },
    { flags: "-t, --tty", summary: "give the program a terminal, also in a pipe" },
    { flags: "-T, --no-tty", summary: "give it none, also on a terminal" },
  ],
  passThrough: true,
  palette: { brief: "Shell in the VM", icon: "md_console", runs: "tab" },
  load: async () => (await import("./shell-run.ts")).runShell,
};
