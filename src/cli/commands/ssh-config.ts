import type { CommandSpec } from "../command.ts";

export const sshConfigCommand: CommandSpec = {
  name: "ssh-config",
  summary: "Show, install or remove what makes plain `ssh ascalon` work",
  description: `Prints the Host block for ssh. With --install it is kept in a file of ascalon's own, and ~/.ssh/config gets one marked
Include line at its top; then ssh, scp, git, rsync and editors know the host \`ascalon\`. The block reads the VM's port at
each call, so it stays right when the VM is restarted; an installed one also follows a VM that is made anew for another user.`,
  examples: [
    ["ascalon ssh-config --install", "once; then: ssh ascalon"],
    ["ascalon ssh-config", "print the block, to put it where you like"],
    ["ascalon ssh-config --remove", "take the line and the file away again"],
  ],
  options: [
    { flags: "--install", summary: "put one Include line into ~/.ssh/config" },
    { flags: "--remove", summary: "take that line out again" },
    { flags: "--json", summary: "the same facts as one JSON document" },
  ],
  load: async () => (await import("./ssh-config-run.ts")).runSshConfig,
};
