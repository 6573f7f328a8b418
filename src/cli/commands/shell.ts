import type { CommandSpec } from "../command.ts";

export const shellCommand: CommandSpec = {
  name: "shell",
  summary: "Run a command in the VM, or open a shell there, in the folder you are in",
  description: `Without a command it opens a login shell. With one it runs that program in a login shell's environment; the arguments
arrive exactly as typed, and no shell parses them again (for a pipe or a variable of the guest, use sh -c '…').
If the current folder is mounted into the VM, the command runs in it; otherwise it starts in the guest's home.
On a terminal, a stopped VM is started first.
The environment that the profiles set is cached in the guest for ten minutes, or until one of them changes, so that a
command need not log in each time; a login shell always does.

The exit code is the program's own: 128+n if signal n ended it, 126 if it cannot be executed, 127 if the guest has no such
program; or 125 if ascalon itself failed or did not understand its own options.
If its output cannot be written on this side, as with > FILE on a full disk, a program that goes on writing ends with 141,
as it does on a closed pipe. If it was the program's last output, ssh reports nothing: the exit code is the program's own,
and FILE lacks that output.`,
  examples: [
    ["ascalon shell", "a shell in the VM, in the folder you are in"],
    ["ascalon shell -- make -j4 test", "a program with its own options"],
    ["ascalon shell -- sh -c 'ls /nix/store | wc -l'", "a pipe in the guest"],
    ["ascalon shell -C /etc -- ls", "in another folder"],
    ["tar c src | ascalon shell -- tar x -C /tmp", "stdin and stdout are the program's, byte for byte"],
  ],
  arguments: [{ name: "[command...]", summary: "program and arguments; without one, a shell" }],
  options: [
    { flags: "-C, --directory <dir>", summary: "start in this folder; ~ is the guest's home" },
    { flags: "--no-cwd", summary: "start in the guest's home, wherever you are" },
    { flags: "--no-start", summary: "fail if the VM is stopped, even on a terminal" },
    { flags: "-t, --tty", summary: "give the program a terminal, even in a pipe" },
    { flags: "-T, --no-tty", summary: "give it none, even on a terminal" },
  ],
  passThrough: true,
  palette: { brief: "Shell in the VM", icon: "md_console", runs: "tab" },
  load: async () => (await import("./shell-run.ts")).runShell,
};
